"""A Kubernetes node made of network namespaces, for RealKernelTest: runs commands in the node's namespace and
opens real TCP connections between its peers.

Standard input carries one JSON request a line, standard output one JSON answer a line. All namespaces are
nameless and held open by this process alone, so the kernel takes them, their interfaces and their rules away
when it ends, however it ends; it ends when its input does, or when a request takes longer than a minute.
"""

import ctypes
import errno
import json
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
REQUEST_SECONDS_MAX = 60
SOCKETS_AT_ONCE_MAX = 200
IP_RECVERR = 11
SO_EE_ORIGIN_ICMP = 2
RECENT_LISTS = "/proc/net/xt_recent"

libc = ctypes.CDLL(None, use_errno=True)
spaces = {}
listeners = {}


def succeed(result, what):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, what + ": " + os.strerror(code))


def enter(name):
    succeed(libc.setns(spaces[name], CLONE_NEWNET), "setns")


def new_space(name):
    succeed(libc.unshare(CLONE_NEWNET), "unshare")
    spaces[name] = os.open("/proc/self/ns/net", os.O_RDONLY)
    ip("link set lo up")


def run(command, text=""):
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return {"exit": done.returncode, "stdout": done.stdout, "stderr": done.stderr}


def ip(arguments):
    done = run(["ip"] + arguments.split())
    if done["exit"] != 0:
        raise OSError("ip " + arguments + ": " + done["stderr"].strip())


def sysctl(name, value):
    with open("/proc/sys/net/ipv4/" + name, "w") as file:
        file.write(value)


def build(topology):
    """The node, and each peer on a link of its own: node end and peer end are addresses without a subnet."""
    new_space("node")
    for name in ("conf/all/rp_filter", "conf/default/rp_filter", "conf/all/send_redirects", "conf/default/send_redirects"):
        sysctl(name, "0")
    sysctl("ip_forward", "1")
    sysctl("conf/all/route_localnet", "1")
    # Every REJECT is to be heard, however many come in a second.
    sysctl("icmp_ratelimit", "0")
    for number, peer in enumerate(topology["peers"]):
        new_space(peer["name"])
        enter("node")
        link = "link%d" % number
        space = "/proc/%d/fd/%d" % (os.getpid(), spaces[peer["name"]])
        ip("link add %s type veth peer name eth0 netns %s" % (link, space))
        ip("addr add %s/32 dev %s" % (peer["gateway"], link))
        ip("link set %s up" % link)
        enter(peer["name"])
        for address in peer["addresses"]:
            ip("addr add %s/32 dev eth0" % address)
        ip("link set eth0 up")
        ip("route add %s dev eth0 scope link" % peer["gateway"])
        ip("route add default via %s src %s" % (peer["gateway"], peer["addresses"][0]))
        enter("node")
        first = peer["addresses"][0]
        ip("route add %s dev %s src %s" % (first, link, peer["gateway"]))
        for address in peer["addresses"][1:]:
            ip("route add %s via %s dev %s src %s" % (address, first, link, peer["gateway"]))
        if peer["name"] == topology["defaultRoute"]:
            ip("route add default via %s dev %s src %s" % (first, link, peer["gateway"]))
    for place in topology["listeners"]:
        enter(place["on"])
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setblocking(False)
        listener.bind((place["address"], place["port"]))
        listener.listen(512)
        listeners[listener] = "%s:%d" % (place["address"], place["port"])
    return {}


def begin(probe):
    enter(probe["from"])
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.setblocking(False)
    client.setsockopt(socket.SOL_IP, IP_RECVERR, 1)
    # Ends with a reset, so that no side lingers and ports are free again.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    code = client.connect_ex((probe["to"], probe["port"]))
    return client, code if code != errno.EINPROGRESS else 0


def refusal(client, code):
    """In which way a connection failed: an ICMP error is kept in the socket's error queue, a reset is not."""
    if code == errno.ECONNREFUSED:
        try:
            _, controls, _, _ = client.recvmsg(1, 512, socket.MSG_ERRQUEUE)
            for level, kind, data in controls:
                if level == socket.SOL_IP and kind == IP_RECVERR and data[4] == SO_EE_ORIGIN_ICMP:
                    return "refused by icmp-port-unreachable" if data[5:7] == b"\3\3" else "refused by icmp"
        except BlockingIOError:
            pass
        return "refused by tcp-reset"
    return errno.errorcode.get(code, str(code))


def accept(listener):
    try:
        while True:
            connection, peer = listener.accept()
            connection.sendall(("%s from %s\n" % (listeners[listener], peer[0])).encode())
            connection.close()
    except BlockingIOError:
        pass


def at_once(probes, seconds):
    """Connects all probes at the same time; what has no answer by then gets none."""
    fates = ["no answer"] * len(probes)
    with selectors.DefaultSelector() as selector:
        for listener in listeners:
            selector.register(listener, selectors.EVENT_READ, None)
        open_clients = {}
        for number, probe in enumerate(probes):
            client, code = begin(probe)
            if code:
                fates[number] = refusal(client, code)
                client.close()
            else:
                open_clients[number] = client
                selector.register(client, selectors.EVENT_READ, number)
        end = time.monotonic() + seconds
        while open_clients and time.monotonic() < end:
            for key, _ in selector.select(max(0, end - time.monotonic())):
                if key.data is None:
                    accept(key.fileobj)
                    continue
                client = open_clients.pop(key.data)
                selector.unregister(client)
                code = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                try:
                    text = "" if code else client.recv(200).decode().strip()
                    fates[key.data] = text or refusal(client, code)
                except OSError as error:
                    fates[key.data] = refusal(client, error.errno)
                client.close()
        for client in open_clients.values():
            client.close()
    return fates


def connect(probes, seconds):
    fates = []
    for start in range(0, len(probes), SOCKETS_AT_ONCE_MAX):
        fates += at_once(probes[start:start + SOCKETS_AT_ONCE_MAX], seconds)
    return fates


def forget(commands):
    """Empties what `recent` remembers, and what the commands of nft empty."""
    enter("node")
    if commands:
        run(["nft", "-f", "-"], commands)
    if os.path.isdir(RECENT_LISTS):
        for name in os.listdir(RECENT_LISTS):
            with open(os.path.join(RECENT_LISTS, name), "w") as file:
                file.write("/\n")


def series(probe, rounds, length, seconds, commands):
    """Rounds of connections one after the other, each round on a node that remembers no client."""
    found = []
    for _ in range(rounds):
        forget(commands)
        found.append(", ".join(at_once([probe], seconds)[0] for _ in range(length)))
    return found


def answer(request):
    what = request["do"]
    if what == "build":
        return build(request)
    if what == "run":
        enter("node")
        return run(request["command"], request["stdin"])
    if what == "connect":
        return {"fates": connect(request["probes"], request["seconds"])}
    if what == "series":
        return {"fates": series(request["probe"], request["rounds"], request["length"], request["seconds"], request["forget"])}
    raise ValueError(what)


def main():
    for line in sys.stdin:
        signal.alarm(REQUEST_SECONDS_MAX)
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # the other side decides what it means
            reply = {"error": "%s: %s" % (type(error).__name__, error)}
        signal.alarm(0)
        print(json.dumps(reply), flush=True)


main()
