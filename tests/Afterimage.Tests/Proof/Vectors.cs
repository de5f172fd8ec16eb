namespace Afterimage.Tests.Proof;

/// <summary>Records and what an entry of each commits to. Written by vectors.py beside this file, which shares no code with Afterimage.</summary>
internal static class Vectors
{
    public const string Stream = "arn:aws:dynamodb:us-west-2:123456789012:table/Orders/stream/2026-11-21T20:00:00.000";

    public static byte[] ShardKey { get; } = Convert.FromHexString("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    public static IReadOnlyList<Vector> All { get; } =
    [
        new(
            "INSERT",
            new("INSERT", 1795291871, 1, "49600000000000000004", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":61,\"view\":\"NEW_AND_OLD_IMAGES\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}}",
            OldImage: null,
            NewImage: "{\"order_id\": {\"N\": \"123\"}, \"status\": {\"S\": \"PENDING\"}, \"total\": {\"N\": \"1.10\"}}",
            EntrySalt: "ef4fa24082be227fb26b715703f2ba965ebd402e8f00cd3f52af4fbf2d4f6ce3",
            Texts: "[\"2ALzW2Va635YpAwtu8E23Q==\",\"\",{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":61,\"view\":\"NEW_AND_OLD_IMAGES\"}]\n[\"bCHxMFYB2ZHd2o+3W5ymGQ==\",\"order_id\",null,{\"N\":\"123\"}]\n[\"IU/hg1ccn1tL5NnRMBcrlg==\",\"status\",null,{\"S\":\"PENDING\"}]\n[\"AIiDxsD+XL9RuqM/S9VtrQ==\",\"total\",null,{\"N\":\"1.10\"}]",
            TextsHash: "851f678fd2e82d6ba5aafebce835b4e6a1d96d2874657f4efe5f96a676a637bb",
            LastDigest: "5b0399e93ad0e1685294804ee8aa41c3785c9bd06941bca626fb387113ec67f5",
            Leaf: "{\"at\":1795291871,\"eid\":\"e4tz1ka19bx89sfvpkmggdjye8\",\"i\":1,\"item\":\"J9pAkM1UopChSbLeek6AlJp2jNxckB+BiG7CI3P9q8g=\",\"op\":\"INSERT\",\"seq\":\"49600000000000000004\",\"t\":\"entry\"}",
            LeafHash: "54df2fb2e76b9121a40d12c51e8fba307ff1a03df565a18dc56524f36ec3c642"),
        new(
            "MODIFY",
            new("MODIFY", 1795291872, 1, "49600000000000000005", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":112,\"view\":\"NEW_AND_OLD_IMAGES\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}}",
            OldImage: "{\"order_id\": {\"N\": \"123\"}, \"status\": {\"S\": \"PENDING\"}, \"total\": {\"N\": \"1.10\"}}",
            NewImage: "{\"order_id\": {\"N\": \"123\"}, \"note\": {\"S\": \"by courier\"}, \"status\": {\"S\": \"SHIPPED\"}, \"total\": {\"N\": \"1.10\"}}",
            EntrySalt: "c1798fceb1e416ab5854b4f379f3dc194e13a2dfc5584e668e16630f495d6dd4",
            Texts: "[\"GgXqMhvwJ9GUYl93BOmq5A==\",\"\",{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":112,\"view\":\"NEW_AND_OLD_IMAGES\"}]\n[\"144W9GaSoZVEcTCMy/sVqQ==\",\"note\",null,{\"S\":\"by courier\"}]\n[\"uR8nqCVAz9MznEOtvbWCTQ==\",\"order_id\",{\"N\":\"123\"}]\n[\"dRoaLFdqpp/s6ZlE+EFWFA==\",\"status\",{\"S\":\"PENDING\"},{\"S\":\"SHIPPED\"}]\n[\"iUOFoJ1dFez69pzh09VqfA==\",\"total\",{\"N\":\"1.10\"}]",
            TextsHash: "fc9060701f3797919060cb8cb2c4af3550908b619b21fc91c6cf2902d26280ca",
            LastDigest: "638e1d34547e0e0c308c237a3c12d515a18380530c8bb33ffe59900cd5b4bdb6",
            Leaf: "{\"at\":1795291872,\"eid\":\"q58ack99jxj6fmmjhwevhr8qp4\",\"i\":1,\"item\":\"Q45rtJSE53yX3X93Kzya4rtFTPXKzoT4scAV03MUGZo=\",\"op\":\"MODIFY\",\"seq\":\"49600000000000000005\",\"t\":\"entry\"}",
            LeafHash: "562f72e7a161c93dcf5ab4675e29b42ce89a1e5a26107248cd8fbba4e6d76805"),
        new(
            "REMOVE",
            new("REMOVE", 1795291873, 2, "49600000000000000006", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":74,\"view\":\"NEW_AND_OLD_IMAGES\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}}",
            OldImage: "{\"order_id\": {\"N\": \"123\"}, \"note\": {\"S\": \"by courier\"}, \"status\": {\"S\": \"SHIPPED\"}, \"total\": {\"N\": \"1.10\"}}",
            NewImage: null,
            EntrySalt: "8dac26cd2ed8a9be3aff94cf9a35fbb57892bffc56f6b3ca435a163daf9e6642",
            Texts: "[\"rO4v5tS4w+HIbwMbAjjgHw==\",\"\",{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":74,\"view\":\"NEW_AND_OLD_IMAGES\"}]\n[\"af/iY4Kzd1Zw1BnoCJzlRQ==\",\"note\",{\"S\":\"by courier\"},null]\n[\"9PoQudfGiU4iDrxULiwGpQ==\",\"order_id\",{\"N\":\"123\"},null]\n[\"IFa6cTe+GfIK0lmsHAsxJw==\",\"status\",{\"S\":\"SHIPPED\"},null]\n[\"DwLDYrF/5/vej+8+0t1BzA==\",\"total\",{\"N\":\"1.10\"},null]",
            TextsHash: "6f555379bdfc0f4634aac12583b43318c0fc9a8fbb7c8b956747cb0c5c97d856",
            LastDigest: "4bd93306d27e5ff0b9326a74d033013ecf9d4d7a5c73c7a521e4350d15578dc0",
            Leaf: "{\"at\":1795291873,\"eid\":\"mvkqbvf62366x3h3s1h5m7wbvg\",\"i\":2,\"item\":\"YbvqoT3q3rG9GUdypUi9tg5yhK/+qGVPtgofk/9GLqY=\",\"op\":\"REMOVE\",\"seq\":\"49600000000000000006\",\"t\":\"entry\"}",
            LeafHash: "3ccae1c054b51671dc70a2f9df1710f53e70ee02e376d5c2eddd96dbfcb03c7a"),
        new(
            "KEYS_ONLY",
            new("MODIFY", 1795291874, 3, "000000000000000000007", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":20,\"view\":\"KEYS_ONLY\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}, \"line\": {\"S\": \"a\"}}",
            OldImage: null,
            NewImage: null,
            EntrySalt: "8420feb15ea5b1c53b3e4ae5538113bea32aa8e7456a818d063d539ddd64a6b7",
            Texts: "[\"5ODCYETsfh6C54iSNEHZoQ==\",\"\",{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":20,\"view\":\"KEYS_ONLY\"}]\n[\"bzanEhtSptmt0RC7+j47Bg==\",\"line\",{\"S\":\"a\"}]\n[\"JhewJPcoxcIJUu19jS35bg==\",\"order_id\",{\"N\":\"123\"}]",
            TextsHash: "6aeb2c095ae40645afdbd06c11dfbd3c5a7a71e99a22d8ff2a4c4a4c501b255a",
            LastDigest: "fd9a8f596b8dc48787adcd7d16e0f296ac00240aa59e572d5bfb2f3fd50ef36b",
            Leaf: "{\"at\":1795291874,\"eid\":\"jmr2m01bn9522kjwq87mmanej8\",\"i\":3,\"item\":\"0bWpCrOtgaKW+3OL4otDs3/lxNnIpjgKDHoDxwvJPMs=\",\"op\":\"MODIFY\",\"seq\":\"000000000000000000007\",\"t\":\"entry\"}",
            LeafHash: "e965d1ff51c7cf723d030fc1701ade9704134df42f8144ebec757ba7da4a73eb"),
        new(
            "TTL",
            new("REMOVE", 1795291875, 4, "49600000000000000008", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":74,\"userIdentity\":{\"principalId\":\"dynamodb.amazonaws.com\",\"type\":\"Service\"},\"view\":\"NEW_AND_OLD_IMAGES\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}}",
            OldImage: "{\"order_id\": {\"N\": \"123\"}, \"note\": {\"S\": \"by courier\"}, \"status\": {\"S\": \"SHIPPED\"}, \"total\": {\"N\": \"1.10\"}}",
            NewImage: null,
            EntrySalt: "7ebbbb6749dc6e7aaac0b05cff808be27bf3d981e564a3a98741d64958d3479a",
            Texts: "[\"LFiDzRWCDpyuq8ATiAcN3A==\",\"\",{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":74,\"userIdentity\":{\"principalId\":\"dynamodb.amazonaws.com\",\"type\":\"Service\"},\"view\":\"NEW_AND_OLD_IMAGES\"}]\n[\"bKE0y98A5kWM6BuAnTYf5Q==\",\"note\",{\"S\":\"by courier\"},null]\n[\"fYjVjPFRZ/0iYP9szh50mw==\",\"order_id\",{\"N\":\"123\"},null]\n[\"xQeqwnI0IPLjyKAjjQni3g==\",\"status\",{\"S\":\"SHIPPED\"},null]\n[\"F+jCVPRdRGj1L6exXnrLvA==\",\"total\",{\"N\":\"1.10\"},null]",
            TextsHash: "92ab5128006927dd893e6676f98adabe290169ce3203ec2bf55dacb79b5c5c2a",
            LastDigest: "e6b54eaaf0e4fa41ed7577d4b36f35bab77cd6bb6d88b0dd9bec776d4008936e",
            Leaf: "{\"at\":1795291875,\"eid\":\"wc6gy3p4j2qnhbypq8ay3zxegc\",\"i\":4,\"item\":\"Wi+VIk8tLN02MmgftR7UXSKMvbsJsfSBabOyf6fX1kw=\",\"op\":\"REMOVE\",\"seq\":\"49600000000000000008\",\"t\":\"entry\"}",
            LeafHash: "0cdeaa1ad6ab7fd21bce1f4456483f5c57c1ef132c5241030870620acce38fd2"),
        new(
            "NEW_IMAGE",
            new("MODIFY", 1795291875, 4, "49600000000000000008", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":74,\"view\":\"NEW_IMAGE\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}}",
            OldImage: null,
            NewImage: "{\"order_id\": {\"N\": \"123\"}, \"note\": {\"S\": \"by courier\"}, \"status\": {\"S\": \"SHIPPED\"}, \"total\": {\"N\": \"1.10\"}}",
            EntrySalt: "7ebbbb6749dc6e7aaac0b05cff808be27bf3d981e564a3a98741d64958d3479a",
            Texts: "[\"LFiDzRWCDpyuq8ATiAcN3A==\",\"\",{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":74,\"view\":\"NEW_IMAGE\"}]\n[\"bKE0y98A5kWM6BuAnTYf5Q==\",\"note\",null,{\"S\":\"by courier\"}]\n[\"fYjVjPFRZ/0iYP9szh50mw==\",\"order_id\",null,{\"N\":\"123\"}]\n[\"xQeqwnI0IPLjyKAjjQni3g==\",\"status\",null,{\"S\":\"SHIPPED\"}]\n[\"F+jCVPRdRGj1L6exXnrLvA==\",\"total\",null,{\"N\":\"1.10\"}]",
            TextsHash: "fc42012137e23480b4267ccb64c6dbfbfe7599e9a303a3bf93274256525dba3d",
            LastDigest: "c851b3004a3c07a7b183ab9061c9664534e55bce9fe7689fbd805d42b73054c2",
            Leaf: "{\"at\":1795291875,\"eid\":\"wc6gy3p4j2qnhbypq8ay3zxegc\",\"i\":4,\"item\":\"9vVx5MvT2gM/dOV97BJUNosMaqnm0m5KIbNq+WHHh8c=\",\"op\":\"MODIFY\",\"seq\":\"49600000000000000008\",\"t\":\"entry\"}",
            LeafHash: "9c27030bd4896577367a7137ceda92c9fe5d0b32011161b5b0e459ec644126f4"),
        new(
            "every kind",
            new("INSERT", 1795291876, 5, "49600000000000000009", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":600,\"view\":\"NEW_AND_OLD_IMAGES\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}}",
            OldImage: null,
            NewImage: "{\"order_id\": {\"N\": \"123\"}, \"empty\": {\"S\": \"\"}, \"escapes\": {\"S\": \"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/ \\u007f \\u2028 <&\\u00e9\\ud83d\\ude00\"}, \"38 digits\": {\"N\": \"12345678901234567890123456789012345678\"}, \"trailing zero\": {\"N\": \"1.10\"}, \"largest\": {\"N\": \"1E+126\"}, \"SS\": {\"SS\": [\"\\ue000\", \"\\ud83d\\ude00\", \"b\", \"B\", \"\"]}, \"NS\": {\"NS\": [\"2\", \"10\", \"1.0\", \"-1\"]}, \"BS\": {\"BS\": [\"/w==\", \"+w==\", \"AA==\"]}, \"B\": {\"B\": \"AP/+\"}, \"NULL\": {\"NULL\": true}, \"BOOL\": {\"BOOL\": false}, \"M\": {\"M\": {\"z\": {\"L\": [{\"N\": \"2\"}, {\"M\": {}}, {\"L\": []}]}, \"\\ue000\": {\"N\": \"1\"}, \"\\ud83d\\ude00\": {\"N\": \"2\"}}}, \"\\u00e9\": {\"S\": \"composed\"}, \"e\\u0301\": {\"S\": \"decomposed\"}, \"\\ue000\": {\"N\": \"1\"}, \"\\ud83d\\ude00\": {\"N\": \"2\"}, \"tab\\tquote\\\"\": {\"N\": \"3\"}}",
            EntrySalt: "a7e24497714a2b4200d962fbf4fd67a4a986f7275f79849e2fa98222810c960e",
            Texts: "[\"oGrok9fEAiwlKQSPsAbayg==\",\"\",{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":600,\"view\":\"NEW_AND_OLD_IMAGES\"}]\n[\"GgxjN0GzyQWJtfStGF6M3w==\",\"38 digits\",null,{\"N\":\"12345678901234567890123456789012345678\"}]\n[\"/HfFr4eEnohQU3W3hxmmXw==\",\"B\",null,{\"B\":\"AP/+\"}]\n[\"jWtwauPVO38lqWpbKmzb8Q==\",\"BOOL\",null,{\"BOOL\":false}]\n[\"fZlR8lxwSpBB1IMRIiaTug==\",\"BS\",null,{\"BS\":[\"+w==\",\"/w==\",\"AA==\"]}]\n[\"2xeoY+ocfzm9rb8s4jyuxQ==\",\"M\",null,{\"M\":{\"z\":{\"L\":[{\"N\":\"2\"},{\"M\":{}},{\"L\":[]}]},\"\ud83d\ude00\":{\"N\":\"2\"},\"\ue000\":{\"N\":\"1\"}}}]\n[\"Iz4fj5Ij+E/n14CAMU42cQ==\",\"NS\",null,{\"NS\":[\"-1\",\"1.0\",\"10\",\"2\"]}]\n[\"0Z+edzQGd6X+MHh0rr7pBA==\",\"NULL\",null,{\"NULL\":true}]\n[\"BQHzLmHqt6GInHPcwYhMVQ==\",\"SS\",null,{\"SS\":[\"\",\"B\",\"b\",\"\ud83d\ude00\",\"\ue000\"]}]\n[\"CfUxpJU3xwa7DaMIYpZ3+A==\",\"empty\",null,{\"S\":\"\"}]\n[\"ZWUtVxWgg7g0DqB4ZfuyNA==\",\"escapes\",null,{\"S\":\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/ \u007f \u2028 <&\u00e9\ud83d\ude00\"}]\n[\"spmZdszCGayfvuNAK1pNsQ==\",\"e\u0301\",null,{\"S\":\"decomposed\"}]\n[\"9K5jd+DkXRoVBgZnDaGMNA==\",\"largest\",null,{\"N\":\"1E+126\"}]\n[\"6++cbrc6HcpKjvfOkHD92Q==\",\"order_id\",null,{\"N\":\"123\"}]\n[\"C0XAHFJq1ZdJ+zukzJ/g2Q==\",\"tab\\tquote\\\"\",null,{\"N\":\"3\"}]\n[\"RCz6HeOhVRb8HdGc6pkM0Q==\",\"trailing zero\",null,{\"N\":\"1.10\"}]\n[\"DVHIxSs74pXpENLgkdmwXQ==\",\"\u00e9\",null,{\"S\":\"composed\"}]\n[\"GYs8BWVHHWYyX+hCcCmLQg==\",\"\ud83d\ude00\",null,{\"N\":\"2\"}]\n[\"KA8Qdq/aC8UtYa2ZXf0o/Q==\",\"\ue000\",null,{\"N\":\"1\"}]",
            TextsHash: "0559b60560eebe4cd0c2e95192a1ae0e4d496c21e309a42e34b8c56959ec24c0",
            LastDigest: "eca5685ad830d7d8662a12aca7140dccd200e3b468922e33aaa84cf5f68f5ac2",
            Leaf: "{\"at\":1795291876,\"eid\":\"gw55gc1r3m1jj57fexd2nwz888\",\"i\":5,\"item\":\"1RM4l+LVY1MiEdOSRaSc5Aui1DmeS9TFGGqjAwhXoZM=\",\"op\":\"INSERT\",\"seq\":\"49600000000000000009\",\"t\":\"entry\"}",
            LeafHash: "920a8bd55f8826cdfb84247035d3a8c92fae0a27678fe9dbcaef96b07b1a59d1"),
        new(
            "400 KB",
            new("INSERT", 1795291877, 9007199254740991, "49600000000000000010", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":409624,\"view\":\"NEW_AND_OLD_IMAGES\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}}",
            OldImage: null,
            NewImage: "{\"order_id\": {\"N\": \"123\"}, \"blob\": {\"S\": \"" + new string('x', 409_600) + "\"}}",
            EntrySalt: "0f6fb8bdcd73a42204687775459ae3ee5dea35a456b9a2bfc2252b0f0ec9b4bc",
            Texts: "",
            TextsHash: "fe8346451612d0864f791298e6a31de506c73f4e00e28ccdb263f4952fec35c7",
            LastDigest: "18cd86b069e8ed86a4543c8f9986d952c4084165c2ffd182ff395b53eebc19c8",
            Leaf: "{\"at\":1795291877,\"eid\":\"rgnp1vqzqzmkbxt897rcjd7jx0\",\"i\":9007199254740991,\"item\":\"5Fa/lpQWU7B3Mzu1O1QaUyDJKTGzwKo5N3hzqkMqvpM=\",\"op\":\"INSERT\",\"seq\":\"49600000000000000010\",\"t\":\"entry\"}",
            LeafHash: "64f5ca7565518c72c575663c5ba54dadda6c0110782afde62bc4178b58b0ce68"),
        new(
            "many attributes",
            new("INSERT", 1795291878, 6, "49600000000000000011", "{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":700,\"view\":\"NEW_AND_OLD_IMAGES\"}"),
            Keys: "{\"order_id\": {\"N\": \"123\"}}",
            OldImage: null,
            NewImage: "{\"order_id\": {\"N\": \"123\"}, \"a0\": {\"N\": \"0\"}, \"a1\": {\"N\": \"1\"}, \"a2\": {\"N\": \"2\"}, \"a3\": {\"N\": \"3\"}, \"a4\": {\"N\": \"4\"}, \"a5\": {\"N\": \"5\"}, \"a6\": {\"N\": \"6\"}, \"a7\": {\"N\": \"7\"}, \"a8\": {\"N\": \"8\"}, \"a9\": {\"N\": \"9\"}, \"a10\": {\"N\": \"10\"}, \"a11\": {\"N\": \"11\"}, \"a12\": {\"N\": \"12\"}, \"a13\": {\"N\": \"13\"}, \"a14\": {\"N\": \"14\"}, \"a15\": {\"N\": \"15\"}, \"a16\": {\"N\": \"16\"}, \"a17\": {\"N\": \"17\"}, \"a18\": {\"N\": \"18\"}, \"a19\": {\"N\": \"19\"}, \"a20\": {\"N\": \"20\"}, \"a21\": {\"N\": \"21\"}, \"a22\": {\"N\": \"22\"}, \"a23\": {\"N\": \"23\"}, \"a24\": {\"N\": \"24\"}, \"a25\": {\"N\": \"25\"}, \"a26\": {\"N\": \"26\"}, \"a27\": {\"N\": \"27\"}, \"a28\": {\"N\": \"28\"}, \"a29\": {\"N\": \"29\"}, \"a30\": {\"N\": \"30\"}, \"a31\": {\"N\": \"31\"}, \"a32\": {\"N\": \"32\"}, \"a33\": {\"N\": \"33\"}, \"a34\": {\"N\": \"34\"}, \"a35\": {\"N\": \"35\"}, \"a36\": {\"N\": \"36\"}, \"a37\": {\"N\": \"37\"}, \"a38\": {\"N\": \"38\"}, \"a39\": {\"N\": \"39\"}, \"a40\": {\"N\": \"40\"}, \"a41\": {\"N\": \"41\"}, \"a42\": {\"N\": \"42\"}, \"a43\": {\"N\": \"43\"}, \"a44\": {\"N\": \"44\"}, \"a45\": {\"N\": \"45\"}, \"a46\": {\"N\": \"46\"}, \"a47\": {\"N\": \"47\"}, \"a48\": {\"N\": \"48\"}, \"a49\": {\"N\": \"49\"}, \"a50\": {\"N\": \"50\"}, \"a51\": {\"N\": \"51\"}, \"a52\": {\"N\": \"52\"}, \"a53\": {\"N\": \"53\"}, \"a54\": {\"N\": \"54\"}, \"a55\": {\"N\": \"55\"}, \"a56\": {\"N\": \"56\"}, \"a57\": {\"N\": \"57\"}, \"a58\": {\"N\": \"58\"}, \"a59\": {\"N\": \"59\"}, \"a60\": {\"N\": \"60\"}, \"a61\": {\"N\": \"61\"}, \"a62\": {\"N\": \"62\"}, \"a63\": {\"N\": \"63\"}, \"a64\": {\"N\": \"64\"}, \"a65\": {\"N\": \"65\"}, \"a66\": {\"N\": \"66\"}, \"a67\": {\"N\": \"67\"}, \"a68\": {\"N\": \"68\"}}",
            EntrySalt: "d26ab1db09098e69d7a277423342a700c680d79d9e599a2169fa02c911cd1c38",
            Texts: "[\"M3CcvjoZqyb16G9Grf92CA==\",\"\",{\"eventId\":\"5e1b7c0ffee0\",\"eventVersion\":\"1.1\",\"region\":\"us-west-2\",\"sizeBytes\":700,\"view\":\"NEW_AND_OLD_IMAGES\"}]\n[\"6U9YNuYRtakyRN7QWDPuNA==\",\"a0\",null,{\"N\":\"0\"}]\n[\"Vk7QjFt+yl0dC/MwIgY6hg==\",\"a1\",null,{\"N\":\"1\"}]\n[\"nME9dkj2CcWxs25FU5CAXg==\",\"a10\",null,{\"N\":\"10\"}]\n[\"9fOFl//9klaFIyeRZcWRlg==\",\"a11\",null,{\"N\":\"11\"}]\n[\"5z7FkxGFOCHQHnlwvTjrjQ==\",\"a12\",null,{\"N\":\"12\"}]\n[\"u2D2r7CxUw1nnfl8XAwM0A==\",\"a13\",null,{\"N\":\"13\"}]\n[\"I5bMRRtdDAWeN+0lHJ6PLQ==\",\"a14\",null,{\"N\":\"14\"}]\n[\"azdt0M3RqCDZsqdJiD2zmg==\",\"a15\",null,{\"N\":\"15\"}]\n[\"stshr/nvK3beqWTuwEULag==\",\"a16\",null,{\"N\":\"16\"}]\n[\"Tl6BplZ18v/JEqiwn2LEKA==\",\"a17\",null,{\"N\":\"17\"}]\n[\"ZVuunFRMcueaOx5Y3jg6lg==\",\"a18\",null,{\"N\":\"18\"}]\n[\"oTGMwiKvMxvY7NPDREmCjg==\",\"a19\",null,{\"N\":\"19\"}]\n[\"2jSG+3EMYIrM2DWhdZmsRQ==\",\"a2\",null,{\"N\":\"2\"}]\n[\"dfiM7pE01WBFH3yCYU8KUw==\",\"a20\",null,{\"N\":\"20\"}]\n[\"YZKaaSxKSF4lz/Eaa9vx0Q==\",\"a21\",null,{\"N\":\"21\"}]\n[\"BcEtyY1/ProXHCx7TP4Mrw==\",\"a22\",null,{\"N\":\"22\"}]\n[\"BmEXvJG/mft4QAjLTBfNSA==\",\"a23\",null,{\"N\":\"23\"}]\n[\"eHIAEQ0JtNkAs5ac6CJaHg==\",\"a24\",null,{\"N\":\"24\"}]\n[\"JiVbKyr3Qxy5D6FOJudyGw==\",\"a25\",null,{\"N\":\"25\"}]\n[\"lMu4YspBEmG+Kvn1MWI89g==\",\"a26\",null,{\"N\":\"26\"}]\n[\"aa5tS2cOgQF1uBH8gp6CgQ==\",\"a27\",null,{\"N\":\"27\"}]\n[\"7hIhOuMQ3QjaKHmNAFkIng==\",\"a28\",null,{\"N\":\"28\"}]\n[\"X2FMrvhaJgyVgnuorwtQ2Q==\",\"a29\",null,{\"N\":\"29\"}]\n[\"UMqgnJUlf8yykV3oBmp9SA==\",\"a3\",null,{\"N\":\"3\"}]\n[\"0sAlnQX4hOn+Nd+tz4fbTg==\",\"a30\",null,{\"N\":\"30\"}]\n[\"+FLvuSm9h54qxLgG3A5Qgg==\",\"a31\",null,{\"N\":\"31\"}]\n[\"qz/Qt6gdC/nDWT8UupeqCw==\",\"a32\",null,{\"N\":\"32\"}]\n[\"MPQf6vAPuDsl8O99SDuvWA==\",\"a33\",null,{\"N\":\"33\"}]\n[\"4+sdx3duSpb4gwKhrjXADg==\",\"a34\",null,{\"N\":\"34\"}]\n[\"iAj9rRYbEKeDd3a8tb1x6A==\",\"a35\",null,{\"N\":\"35\"}]\n[\"Tu6hnxNJvxs2cIybQ4MYdQ==\",\"a36\",null,{\"N\":\"36\"}]\n[\"KLfqr/gNrJWUKabx/flurw==\",\"a37\",null,{\"N\":\"37\"}]\n[\"CcuIUJGAPwqJfBjZXRflow==\",\"a38\",null,{\"N\":\"38\"}]\n[\"cCbRbcoJn3Oy+5JQwXEtVg==\",\"a39\",null,{\"N\":\"39\"}]\n[\"1HV9Pdxs4yhiV56NHb1vNA==\",\"a4\",null,{\"N\":\"4\"}]\n[\"CZ6kNAzjeA3wrC4oHooOrg==\",\"a40\",null,{\"N\":\"40\"}]\n[\"f3ouKVppTck97zrB9v5syQ==\",\"a41\",null,{\"N\":\"41\"}]\n[\"F30zNm1k0tf6CU4oDbiM7A==\",\"a42\",null,{\"N\":\"42\"}]\n[\"Iybasknb/qwRRFLDLKMyHg==\",\"a43\",null,{\"N\":\"43\"}]\n[\"/6mpBfcunr4XmHyCQy83GQ==\",\"a44\",null,{\"N\":\"44\"}]\n[\"gwB3WXIPGbTXkhGn/xlJew==\",\"a45\",null,{\"N\":\"45\"}]\n[\"FGfWC8WpYveMTHwPBNaToA==\",\"a46\",null,{\"N\":\"46\"}]\n[\"1tIeKuq5g+QRnoVuq/I+Ew==\",\"a47\",null,{\"N\":\"47\"}]\n[\"jMJLqC2T4whGxHB7f40YTA==\",\"a48\",null,{\"N\":\"48\"}]\n[\"I4zA+Vha3WDD6xUqQQQvOA==\",\"a49\",null,{\"N\":\"49\"}]\n[\"LPhakm5g0GGb7OLv4Px90A==\",\"a5\",null,{\"N\":\"5\"}]\n[\"0B0alDtI78u0p0AYLGermA==\",\"a50\",null,{\"N\":\"50\"}]\n[\"zB22AvBAKEHqEVQzV7D95g==\",\"a51\",null,{\"N\":\"51\"}]\n[\"QO9w95NFHna/O8cdCDV37g==\",\"a52\",null,{\"N\":\"52\"}]\n[\"qNHklAOvUf0jtfE4RjhYtw==\",\"a53\",null,{\"N\":\"53\"}]\n[\"7Krry/nnGfBGmxTd8Wr4KQ==\",\"a54\",null,{\"N\":\"54\"}]\n[\"fxNUdi5SS8YoURjAtIn07w==\",\"a55\",null,{\"N\":\"55\"}]\n[\"A1C2u3CvJWNdrBpdlQysSQ==\",\"a56\",null,{\"N\":\"56\"}]\n[\"nSjG4jTf0ib2+fD+QHQUOg==\",\"a57\",null,{\"N\":\"57\"}]\n[\"CHJ4IrGsgDKsV+DdCTbAQA==\",\"a58\",null,{\"N\":\"58\"}]\n[\"5x9Ncb5SQJJGpzR66W/K7A==\",\"a59\",null,{\"N\":\"59\"}]\n[\"At1pdVNiYHEAM+jBJ79xhg==\",\"a6\",null,{\"N\":\"6\"}]\n[\"Kc6LPc5ci4F1eFWl9yz2aQ==\",\"a60\",null,{\"N\":\"60\"}]\n[\"VMYe6GXifdwo7F28d1AU6w==\",\"a61\",null,{\"N\":\"61\"}]\n[\"5qOArzykkO4UXxAwufWDsw==\",\"a62\",null,{\"N\":\"62\"}]\n[\"tVasSHDxXrexpxJohdkrAw==\",\"a63\",null,{\"N\":\"63\"}]\n[\"cbUGt0bmK4PCuX26vaKG1w==\",\"a64\",null,{\"N\":\"64\"}]\n[\"Q+g7hm2V7sZ9bz3QdH+M1Q==\",\"a65\",null,{\"N\":\"65\"}]\n[\"Qq6LNOZuTBEuz3Cds/Dp5w==\",\"a66\",null,{\"N\":\"66\"}]\n[\"R1uAtIwgiMUYzhke0hDjpg==\",\"a67\",null,{\"N\":\"67\"}]\n[\"LEBSy607t0InA2Kp3I943Q==\",\"a68\",null,{\"N\":\"68\"}]\n[\"HprGfQbDTr+Kd9XD+IvL5g==\",\"a7\",null,{\"N\":\"7\"}]\n[\"t+L6AXSbEYdw8Pwmj2g06g==\",\"a8\",null,{\"N\":\"8\"}]\n[\"lSnpPzN4dY/Yh+mSKCwvHA==\",\"a9\",null,{\"N\":\"9\"}]\n[\"hGN6gWAMvhL1Oqmha5+Idg==\",\"order_id\",null,{\"N\":\"123\"}]",
            TextsHash: "1b0b46510cc33fcc46f4afb354a841047c28f8563cf42123ec7f9f41d661788c",
            LastDigest: "d9e437a2f21465e94217026b77fe641736beeb56ffea33464ac83c17c9fc73a9",
            Leaf: "{\"at\":1795291878,\"eid\":\"p7q5jagceftwjshfrhj5akfjhg\",\"i\":6,\"item\":\"XEq3G7n0aznKlkRTnel3WFDKKwl8bwwG5Utswf6xeNY=\",\"op\":\"INSERT\",\"seq\":\"49600000000000000011\",\"t\":\"entry\"}",
            LeafHash: "acb9d5fcf8fe64df0ab761142f067363c8a45d79b40f18b6ed2fd115f2c097d2"),
    ];
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
internal sealed record VectorHeader(string Op, long At, long Index, string Seq, string Envelope);
