"""Computes what the tests of the proof expect, with nothing of Afterimage: Python's standard library, and openssl for AES.

    python3 vectors.py > Vectors.cs      the records and their leaves, as the tests read them
    python3 vectors.py example           the worked example of docs/format.md
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys

STREAM = "arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2026-11-21T20:00:00.000"
KEY = bytes(range(32))
ESCAPES = {0x22: '\\"', 0x5C: "\\\\", 8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}


def utf16(text):
    return text.encode("utf-16-be")


def string(text):
    return '"' + "".join(ESCAPES.get(ord(c)) or ("\\u%04x" % ord(c) if c < " " else c) for c in text) + '"'


def canonical(value):
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    members = []
    for name in sorted(value, key=utf16):
        member = value[name]
        if name in ("SS", "NS", "BS") and isinstance(member, list):
            member = sorted(member, key=utf16)
        members.append(string(name) + ":" + canonical(member))
    return "{" + ",".join(members) + "}"


def sha256(data):
    return hashlib.sha256(data).digest()


def base64_of(data):
    return base64.b64encode(data).decode()


def aes_256_ecb(key, data):
    command = ["openssl", "enc", "-aes-256-ecb", "-nopad", "-K", key.hex()]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def eid(keys, seq):
    lines = "\n".join([STREAM, canonical(keys), seq.lstrip("0")])
    bits = int.from_bytes(sha256(lines.encode())[:16], "big") << 2
    return "".join("0123456789abcdefghjkmnpqrstvwxyz"[bits >> (5 * at) & 31] for at in range(25, -1, -1))


def disclosed(record):
    """The envelope and the attributes, without salts."""
    keys, old, new = (record.get(part) for part in ("Keys", "OldImage", "NewImage"))
    rows = [["", record["envelope"]]]
    for name in sorted({*keys, *(old or {}), *(new or {})}, key=utf16):
        before, after = (image.get(name) if image else None for image in (old, new))
        if before is None and after is None:
            rows.append([name, keys[name]])
        elif before is not None and after is not None and canonical(before) == canonical(after):
            rows.append([name, before])
        else:
            rows.append([name, before, after])
    return rows


def item_of(digests):
    return base64_of(sha256(b"\x02" + b"".join(sorted(digests))))


def commit(record):
    secret = hmac.new(KEY, b"afterimage/salt/1\n" + record["seq"].encode(), hashlib.sha256).digest()
    rows = disclosed(record)
    blocks = aes_256_ecb(secret, b"".join(j.to_bytes(16, "big") for j in range(len(rows))))
    texts = [canonical([base64_of(blocks[16 * j:16 * j + 16])] + row) for j, row in enumerate(rows)]
    digests = [sha256(text.encode()) for text in texts]
    leaf = canonical({"at": record["at"], "eid": eid(record["Keys"], record["seq"]), "i": record["i"], "item": item_of(digests),
                      "op": record["op"], "seq": record["seq"], "t": "entry"})
    return {"secret": secret, "texts": texts, "digests": digests, "leaf": leaf, "hash": sha256(b"\0" + leaf.encode())}


def envelope(size, view="NEW_AND_OLD_IMAGES", user=None):
    fields = {"eventId": "5e1b7c0ffee0", "eventVersion": "1.1", "region": "us-west-2", "sizeBytes": size, "view": view}
    return {**fields, "userIdentity": user} if user else fields


def record(name, op, at, i, seq, keys, old, new, told):
    return {"name": name, "op": op, "at": at, "i": i, "seq": seq, "Keys": keys, "OldImage": old, "NewImage": new, "envelope": told}


ORDER = {"order_id": {"N": "123"}}
PENDING = {**ORDER, "status": {"S": "PENDING"}, "total": {"N": "1.10"}}
SHIPPED = {**ORDER, "note": {"S": "by courier"}, "status": {"S": "SHIPPED"}, "total": {"N": "1.10"}}
EVERY_KIND = {
    **ORDER,
    "empty": {"S": ""},
    "escapes": {"S": "\0\x01\b\t\n\x0b\f\r\x1f \"\\/ \x7f \u2028 <&é😀"},
    "38 digits": {"N": "12345678901234567890123456789012345678"},
    "trailing zero": {"N": "1.10"},
    "largest": {"N": "1E+126"},
    "SS": {"SS": ["\ue000", "😀", "b", "B", ""]},
    "NS": {"NS": ["2", "10", "1.0", "-1"]},
    "BS": {"BS": ["/w==", "+w==", "AA=="]},
    "B": {"B": "AP/+"},
    "NULL": {"NULL": True},
    "BOOL": {"BOOL": False},
    "M": {"M": {"z": {"L": [{"N": "2"}, {"M": {}}, {"L": []}]}, "\ue000": {"N": "1"}, "😀": {"N": "2"}}},
    "\u00e9": {"S": "composed"},
    "e\u0301": {"S": "decomposed"},
    "\ue000": {"N": "1"},
    "😀": {"N": "2"},
    "tab\tquote\"": {"N": "3"},
}
TTL = {"principalId": "dynamodb.amazonaws.com", "type": "Service"}
EXAMPLE = record("MODIFY", "MODIFY", 1795291872, 1, "49600000000000000005", ORDER, PENDING, SHIPPED, envelope(112))

RECORDS = [
    record("INSERT", "INSERT", 1795291871, 1, "49600000000000000004", ORDER, None, PENDING, envelope(61)),
    EXAMPLE,
    record("REMOVE", "REMOVE", 1795291873, 2, "49600000000000000006", ORDER, SHIPPED, None, envelope(74)),
    record("KEYS_ONLY", "MODIFY", 1795291874, 3, "000000000000000000007", {**ORDER, "line": {"S": "a"}}, None, None, envelope(20, "KEYS_ONLY")),
    record("TTL", "REMOVE", 1795291875, 4, "49600000000000000008", ORDER, SHIPPED, None, envelope(74, user=TTL)),
    record("NEW_IMAGE", "MODIFY", 1795291875, 4, "49600000000000000008", ORDER, None, SHIPPED, envelope(74, "NEW_IMAGE")),
    record("every kind", "INSERT", 1795291876, 5, "49600000000000000009", ORDER, None, EVERY_KIND, envelope(600)),
    record("400 KB", "INSERT", 1795291877, 9007199254740991, "49600000000000000010", ORDER, None,
           {**ORDER, "blob": {"S": "x" * 409_600}}, envelope(409_624)),
    record("many attributes", "INSERT", 1795291878, 6, "49600000000000000011", ORDER, None,
           {**ORDER, **{"a%d" % n: {"N": str(n)} for n in range(69)}}, envelope(700)),
]


def print_vectors():
    def literal(text):
        # JSON's escapes are C#'s too.
        return json.dumps(text).replace("\x7f", "\\u007f")

    def image(attributes):
        # A long value is spelled as what it repeats.
        text = json.dumps(attributes) if attributes else None
        long = "x" * 409_600
        if text and long in text:
            before, after = text.split(long)
            return "%s + new string('x', 409_600) + %s" % (literal(before), literal(after))
        return "null" if text is None else literal(text)

    print("""namespace Afterimage.Tests.Proof;

/// <summary>Records and what an entry of each commits to. Written by vectors.py beside this file, which shares no code with Afterimage.</summary>
internal static class Vectors
{
    public const string Stream = "%s";

    public static byte[] ShardKey { get; } = Convert.FromHexString("%s");

    public static IReadOnlyList<Vector> All { get; } =
    [""" % (STREAM, KEY.hex()))
    for each in RECORDS:
        made = commit(each)
        print("        new(")
        print("            %s," % literal(each["name"]))
        print("            new(%s, %d, %d, %s, %s)," % (literal(each["op"]), each["at"], each["i"], literal(each["seq"]), literal(canonical(each["envelope"]))))
        print("            Keys: %s," % image(each["Keys"]))
        print("            OldImage: %s," % image(each["OldImage"]))
        print("            NewImage: %s," % image(each["NewImage"]))
        print("            EntrySalt: %s," % literal(made["secret"].hex()))
        print("            Texts: %s," % literal("\n".join(made["texts"]) if len("".join(made["texts"])) < 4_000 else ""))
        print("            TextsHash: %s," % literal(sha256("\n".join(made["texts"]).encode()).hex()))
        print("            LastDigest: %s," % literal(made["digests"][-1].hex()))
        print("            Leaf: %s," % literal(made["leaf"]))
        print("            LeafHash: %s)," % literal(made["hash"].hex()))
    print("""    ];
}

/// <summary>A record, and what comes of it.</summary>
/// <param name="Name">What it is an example of.</param>
/// <param name="Header">What its leaf and envelope say.</param>
/// <param name="Keys">Its key, as DynamoDB JSON in no order.</param>
/// <param name="OldImage">The item before.</param>
/// <param name="NewImage">The item after.</param>
/// <param name="EntrySalt">In hex.</param>
/// <param name="Texts">The disclosures, a line each; empty where they are long.</param>
/// <param name="TextsHash">Their SHA-256, in hex.</param>
/// <param name="LastDigest">The digest of the last attribute, in hex.</param>
/// <param name="Leaf">The leaf's text.</param>
/// <param name="LeafHash">Its hash in the tree, in hex.</param>
internal sealed record Vector(
    string Name, VectorHeader Header, string Keys, string? OldImage, string? NewImage, string EntrySalt, string Texts, string TextsHash,
    string LastDigest, string Leaf, string LeafHash);

/// <summary>What is said of a record besides its attributes.</summary>
internal sealed record VectorHeader(string Op, long At, long Index, string Seq, string Envelope);""")


def print_example():
    made = commit(EXAMPLE)
    opening = canonical({"enc": 1, "i": 0, "parent": "beginning", "shard": "shardId-00000001795291200000-1a2b3c4d", "stream": STREAM,
                         "t": "open", "trail": "audit.example.com/orders"})
    opened = sha256(b"\0" + opening.encode())
    print("K               ", KEY.hex())
    print("seq             ", EXAMPLE["seq"])
    print("entry salt      ", made["secret"].hex())
    for j, text in enumerate(made["texts"]):
        print("\ndisclosure %d    " % j, text)
        print("digest %d        " % j, made["digests"][j].hex())
    print("\nsorted          ", " ".join(digest.hex()[:8] for digest in sorted(made["digests"])))
    print("leaf 1          ", made["leaf"])
    print("leaf hash 1     ", made["hash"].hex())
    print("\nleaf 0          ", opening)
    print("leaf hash 0     ", opened.hex())
    print("root            ", sha256(b"\1" + opened + made["hash"]).hex())


if sys.argv[1:] == ["example"]:
    print_example()
else:
    print_vectors()
