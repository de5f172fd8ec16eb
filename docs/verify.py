"""Checks the proof of one entry, offline, as format.md describes it: python3 verify.py PROOF.json 'VKEY'
Wants the standard library and the openssl command. VKEY must come from elsewhere than the proof."""
import base64, hashlib, json, subprocess, sys, tempfile
from datetime import datetime

# The members of each object: # an integer, ? a text or null, ! true or false, * an array of texts, else a text.
SHAPES = {"afterimage-proof/1": "format entry shown* hidden* index# path* head headIndex# headPath* epoch epochPath* checkpoint",
          "entry": "at# eid i# item op seq t", "mark": "at# eid i# item op seq t", "raw": "eid i# seq? sha256 t", "lifecycle": "at# eid event from i# t",
          "gap": "at# cause certainty eid i# last? next? previous? t", "head": "end! root shard size# t", "epoch": "n# t time"}
MARKS = {"#": lambda it: type(it) is int and 0 <= it < 2**53, "?": lambda it: type(it) in (str, type(None)), "!": lambda it: type(it) is bool,
         "*": lambda it: type(it) is list and all(type(text) is str for text in it)}

def demand(holds, otherwise):
    if not holds:
        raise ValueError(otherwise)

def sha256(data):
    return hashlib.sha256(data).digest()

def unbase64(text, length=None):
    data = base64.b64decode(text)
    demand(base64.b64encode(data).decode() == text and length in (None, len(data)), "this is not base64, or of another length")
    return data

def parse(text):
    def unique(members):
        demand(len(dict(members)) == len(members), "a name stands twice")
        return dict(members)
    value = json.loads(text, object_pairs_hook=unique, parse_constant=lambda word: demand(False, "this is not JSON"))
    json.dumps(value, ensure_ascii=False).encode()  # Fails for half a surrogate pair.
    return value

def members(text, *kinds):
    value = parse(text)
    kind = value.get("t", value.get("format")) if type(value) is dict else None
    demand(kind in kinds, "this is not of kind " + " or ".join(kinds))
    marks = {name.rstrip("#?!*"): name[-1] for name in SHAPES[kind].split()}
    demand(value.keys() == marks.keys(), "something is missing or unknown")
    for name, mark in marks.items():
        demand(MARKS.get(mark, lambda it: type(it) is str)(value[name]), name + " is of another type")
    return value

def fold(leaf, index, size, path):
    demand(0 <= index < size and (size == 1) == (not path), "no tree of this size has such a path")
    if size == 1:
        return leaf
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return sha256(b"\1" + fold(leaf, index, split, path[:-1]) + path[-1])
    return sha256(b"\1" + path[-1] + fold(leaf, index - split, size - split, path[:-1]))

def is_signed(text, signature, public_key):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in ("body.txt", text), ("sig.der", signature), ("pub.der", public_key):
            with open(folder + "/" + name, "wb") as file:
                file.write(data)
        command = "openssl dgst -sha256 -keyform DER -verify pub.der -signature sig.der body.txt"
        return subprocess.run(command.split(), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE).returncode == 0

def verify(data, vkey):
    """The lines that say what is proven, or the one that says what failed."""
    try:
        step = "KEY"
        name, key_id, key = vkey.split("+", 2)
        key = unbase64(key)
        demand(key[:1] == b"\2" and sha256(key[1:])[:4].hex() == key_id, "this is no verifier key")

        step = "FORMAT"
        proof = members(data.decode(), "afterimage-proof/1")
        hidden, path, head_path, epoch_path = ([unbase64(it, 32) for it in proof[its]] for its in ("hidden", "path", "headPath", "epochPath"))
        demand(max(len(path), len(head_path), len(epoch_path)) <= 53, "a path is too long")
        entry_leaf, head_leaf, epoch_leaf = (sha256(b"\0" + proof[its].encode()) for its in ("entry", "head", "epoch"))

        step = "SIGNATURE"
        text, lines = proof["checkpoint"].rsplit("\n\n", 1)
        origin, size, root = text.split("\n")
        demand(origin and size == str(int(size)) and 0 <= int(size) < 2**53 and lines.endswith("\n"), "this is no checkpoint")
        size, root, signatures = int(size), unbase64(root, 32), []
        for line in lines[:-1].split("\n"):
            dash, by, signature = line.split(" ")
            signature = unbase64(signature)
            demand(dash == "\u2014" and by and len(signature) > 4, "this is no signature")
            signatures += [signature[4:]] if by == name and signature[:4].hex() == key_id else []
        step = "LOG"
        demand(origin == name, "the checkpoint is of another log than the key")
        step = "SIGNATURE"
        demand(any(is_signed((text + "\n").encode(), signature, key[1:]) for signature in signatures), "the key did not sign the checkpoint")

        step = "HEAD"
        demand(fold(head_leaf, proof["headIndex"], size, head_path) == root, "it does not lead to the signed root")
        head = members(proof["head"], "head")
        shard_root = unbase64(head["root"], 32)
        step = "EPOCH"
        demand(fold(epoch_leaf, size - 1, size, epoch_path) == root, "it does not lead to the signed root")
        time = members(proof["epoch"], "epoch")["time"]
        demand(datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").isoformat() + "Z" == time, "this is no time")

        step = "ENTRY"
        demand(fold(entry_leaf, proof["index"], head["size"], path) == shard_root, "it does not lead to its shard's root")
        entry = members(proof["entry"], "entry", "mark", "raw", "gap", "lifecycle")
        step = "INDEX"
        demand(entry["i"] == proof["index"], "the entry names another place")
        step = "ITEM"
        digests = sorted([sha256(disclosure.encode()) for disclosure in proof["shown"]] + hidden)
        item = base64.b64encode(sha256(b"\2" + b"".join(digests))).decode()
        demand(entry["item"] == item if entry["t"] in ("entry", "mark") else not digests, "the entry was not made of this")
        shown = [parse(disclosure) for disclosure in proof["shown"]]
        for each in shown:
            demand(type(each) is list and len(each) in (3, 4) and type(each[0]) is type(each[1]) is str, "this is no disclosure")
            unbase64(each[0], 16)
        demand(len({each[1] for each in shown}) == len(shown), "something is shown twice")
    except (ValueError, OSError, RecursionError) as e:
        return ["FAILED: %s: %s" % (step, ascii(str(e))[1:-1])]
    rows = [("log", [origin, size]), ("sealed", time), ("shard", head["shard"]), ("entry", entry), *(("shown", each[1:]) for each in shown), ("hidden", len(hidden))]
    return ["%-7s %s" % (title, json.dumps(what)) for title, what in rows]  # In ASCII, so that no text can act on a terminal.

if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        answer = verify(file.read(), sys.argv[2])
    print("\n".join(answer))
    sys.exit(answer[0].startswith("FAILED"))
