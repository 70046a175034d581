"""Holds our BGP messages against ExaBGP, another implementation.

    check_bgp.py FILE        each line is a message as it was on the bus, with what we read in it: ExaBGP must read the same
    check_bgp.py --foreign   prints messages that ExaBGP built from random fields, in the same form

A line is JSON: bytes (hexadecimal), and the fields that fields() below gives. What a message does not have is null.
"""

import collections
import ipaddress
import json
import random
import sys

from exabgp.logger import log

log.disable()

from exabgp.bgp.message import KeepAlive, Notification, Open, Update  # noqa: E402
from exabgp.bgp.message.action import Action  # noqa: E402
from exabgp.bgp.message.direction import Direction  # noqa: E402
from exabgp.bgp.message.open.asn import ASN  # noqa: E402
from exabgp.bgp.message.open.capability import Capability, Negotiated  # noqa: E402
from exabgp.bgp.message.refresh import RouteRefresh  # noqa: E402
from exabgp.bgp.message.update.attribute import Attribute  # noqa: E402
from exabgp.bgp.message.update.attribute.aggregator import Aggregator  # noqa: E402
from exabgp.bgp.message.update.attribute.aspath import SEQUENCE, SET, ASPath  # noqa: E402
from exabgp.bgp.message.update.attribute.atomicaggregate import AtomicAggregate  # noqa: E402
from exabgp.bgp.message.update.attribute.attributes import Attributes  # noqa: E402
from exabgp.bgp.message.update.attribute.clusterlist import ClusterID, ClusterList  # noqa: E402
from exabgp.bgp.message.update.attribute.community import Communities, Community  # noqa: E402
from exabgp.bgp.message.update.attribute.localpref import LocalPreference  # noqa: E402
from exabgp.bgp.message.update.attribute.med import MED  # noqa: E402
from exabgp.bgp.message.update.attribute.nexthop import NextHop  # noqa: E402
from exabgp.bgp.message.update.attribute.origin import Origin  # noqa: E402
from exabgp.bgp.message.update.attribute.originatorid import OriginatorID  # noqa: E402
from exabgp.bgp.message.update.eor import EOR  # noqa: E402
from exabgp.bgp.message.update.nlri.cidr import CIDR  # noqa: E402
from exabgp.bgp.message.update.nlri.inet import INET  # noqa: E402
from exabgp.protocol.family import AFI, SAFI  # noqa: E402
from exabgp.protocol.ip import IPv4  # noqa: E402

HEADER = 19
MARKER = b"\xff" * 16
SEGMENTS = {SEQUENCE: "sequence", SET: "set"}


def session():
    """What two speakers of one AS agree on: numbers of four octets, IPv4 unicast, nothing else."""
    n = Negotiated({"capability": {"aigp": False}})
    n.asn4, n.families, n.local_as, n.peer_as = True, [(AFI.ipv4, SAFI.unicast)], ASN(65000), ASN(65000)
    return n


def fields(raw, negotiated):
    """What ExaBGP reads in a message."""
    if raw[:16] != MARKER or int.from_bytes(raw[16:18], "big") != len(raw):
        raise ValueError("its header")
    decode = {1: of_open, 2: of_update, 3: of_notification, 4: of_keepalive, 5: of_refresh}[raw[18]]
    return {"type": raw[18]} | decode(raw[HEADER:], negotiated)


def of_open(body, _):
    o = Open.unpack_message(body)
    restart, as4 = o.capabilities.get(Capability.CODE.GRACEFUL_RESTART), o.capabilities.get(Capability.CODE.FOUR_BYTES_ASN)
    if restart is not None:
        flags = restart.get((AFI.ipv4, SAFI.unicast), 0)
        restart = {"time": restart.restart_time, "restarted": bool(restart.restart_flag & 8), "forwards": bool(flags & 0x80)}
    return {
        "as": int(o.asn if as4 is None else as4),
        "as2": int(o.asn),
        "hold": int(o.hold_time),
        "id": str(o.router_id),
        "refresh": Capability.CODE.ROUTE_REFRESH in o.capabilities,
        "restart": restart,
        "capabilities": sorted(int(c) for c in o.capabilities),
    }


def of_update(body, negotiated):
    u = Update.unpack_message(body, Direction.IN, negotiated)
    if isinstance(u, EOR):
        return {"eor": True}
    prefixes, attributes = collections.defaultdict(list), {}
    for n in u.nlris:
        prefixes[n.action].append(n.cidr.prefix())
    if prefixes[Action.ANNOUNCE]:
        attributes = of_attributes(dict(u.attributes))
    elif u.attributes:
        raise ValueError("attributes, and no prefix announced")
    return {"withdrawn": prefixes[Action.WITHDRAW], "announced": prefixes[Action.ANNOUNCE], "attributes": attributes or None}


def of_attributes(all):
    """An empty AS_PATH is none to ExaBGP; that there is no AS_PATH it says with a code of its own, which is one too many below."""
    code = Attribute.CODE
    a = {
        "origin": all.pop(code.ORIGIN).origin,
        "path": [[SEGMENTS[type(s)], [int(n) for n in s]] for s in getattr(all.pop(code.AS_PATH, None), "aspath", [])],
        "next_hop": str(all.pop(code.NEXT_HOP)),
        "med": getattr(all.pop(code.MED, None), "med", None),
        "local_pref": getattr(all.pop(code.LOCAL_PREF, None), "localpref", None),
        "communities": [int.from_bytes(c.community, "big") for c in getattr(all.pop(code.COMMUNITY, None), "communities", [])],
        "large": [
            ":".join(str(int.from_bytes(c.large_community[i : i + 4], "big")) for i in (0, 4, 8))
            for c in getattr(all.pop(code.LARGE_COMMUNITY, None), "communities", [])
        ],
        "originator": all.pop(code.ORIGINATOR_ID, None),
        "clusters": [str(ipaddress.ip_address(c.pack())) for c in getattr(all.pop(code.CLUSTER_LIST, None), "clusters", [])],
    }
    if a["originator"] is not None:
        a["originator"] = str(a["originator"])
    if all:
        raise ValueError(f"attributes {sorted(all)} too")
    return a


def of_notification(body, negotiated):
    n = Notification.unpack_message(body, Direction.IN, negotiated)
    return {"code": n.code, "subcode": n.subcode}


def of_keepalive(body, negotiated):
    KeepAlive.unpack_message(body, Direction.IN, negotiated)
    return {}


def of_refresh(body, negotiated):
    r = RouteRefresh.unpack_message(body, Direction.IN, negotiated)
    return {"afi": int(r.afi), "safi": int(r.safi), "reserved": int(r.reserved)}


def check(path):
    negotiated, kinds, wrong = session(), collections.Counter(), 0
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        ours = json.loads(line)
        raw = bytes.fromhex(ours.pop("bytes"))
        try:
            theirs = fields(raw, negotiated)
        except Exception as e:  # whatever it is, ExaBGP did not read the message
            theirs = repr(e)
        if ours != theirs:
            wrong += 1
            print(f"{path}:{number}: {raw.hex()}\n  ours   {ours}\n  ExaBGP {theirs}")
        kinds[{1: "OPEN", 2: "UPDATE", 3: "NOTIFICATION", 4: "KEEPALIVE", 5: "ROUTE-REFRESH"}[raw[18]]] += 1
    if len(kinds) != 5:
        sys.exit(f"{path}: messages of the kinds {sorted(kinds)} only")
    print(", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())), f"of different bytes: {wrong} read otherwise by ExaBGP")
    sys.exit(wrong != 0)


def foreign(count):
    """UPDATEs of random fields, from ExaBGP's encoder."""
    r, negotiated = random.Random(7606), session()

    def address():
        return str(ipaddress.ip_address(r.randrange(1 << 32)))

    def prefixes():
        nets = (ipaddress.ip_network((r.randrange(1 << 32), r.randrange(33)), strict=False) for _ in range(r.randrange(4)))
        return [str(n) for n in nets]

    for _ in range(count):
        sent = {"type": 2, "withdrawn": prefixes(), "announced": prefixes(), "attributes": None}
        numbers = lambda: [r.randrange(1, 1 << r.choice([16, 32])) for _ in range(r.randrange(1, 5))]  # noqa: E731
        if sent["announced"]:
            sent["attributes"] = {
                "origin": r.randrange(3),
                "path": [[r.choice(["sequence", "set"]), numbers()] for _ in range(r.randrange(4))],
                "next_hop": address(),
                "med": r.choice([None, 0, r.randrange(1 << 32)]),
                "local_pref": r.choice([None, 0, r.randrange(1 << 32)]),
                "communities": sorted({r.randrange(1 << 32) for _ in range(r.randrange(4))}),
                "large": [],
                "originator": r.choice([None, address()]),
                "clusters": [address() for _ in range(r.randrange(3))],
            }
        elif not sent["withdrawn"]:
            continue
        raw = encode(sent, negotiated, more=r.choice([[], [AtomicAggregate(), Aggregator(ASN(65001), IPv4("10.0.0.1"))]]))
        print(json.dumps({"bytes": raw.hex()} | sent))


def encode(u, negotiated, more):
    def nlri(prefix):
        net, n = ipaddress.ip_network(prefix), INET(AFI.ipv4, SAFI.unicast, Action.ANNOUNCE)
        n.cidr = CIDR(net.network_address.packed, net.prefixlen)
        return n.pack_nlri(negotiated)

    packed = b""
    if a := u["attributes"]:
        kinds = {"sequence": SEQUENCE, "set": SET}
        all = [Origin(a["origin"]), ASPath([kinds[k]([ASN(n) for n in s]) for k, s in a["path"]]), NextHop(a["next_hop"])] + more
        all += [MED(a["med"])] if a["med"] is not None else []
        all += [LocalPreference(a["local_pref"])] if a["local_pref"] is not None else []
        all += [Communities([Community(c.to_bytes(4, "big")) for c in a["communities"]])] if a["communities"] else []
        all += [OriginatorID(a["originator"])] if a["originator"] else []
        all += [ClusterList([ClusterID(c) for c in a["clusters"]])] if a["clusters"] else []
        attributes = Attributes()
        for one in all:
            attributes[one.ID] = one
        packed = attributes.pack(negotiated, with_default=False)
    body = Update.prefix(b"".join(map(nlri, u["withdrawn"]))) + Update.prefix(packed) + b"".join(map(nlri, u["announced"]))
    return MARKER + (HEADER + len(body)).to_bytes(2, "big") + b"\x02" + body


if __name__ == "__main__":
    if sys.argv[1:] == ["--foreign"]:
        foreign(500)
    elif len(sys.argv) == 2:
        check(sys.argv[1])
    else:
        sys.exit(__doc__)
