package dev.wavetank.core.network;

/** From where a connection is made. */
public sealed interface Source {

  /** A process in the network of a pod with that address. */
  record Pod(IpAddress address) implements Source {
    @Override
    public String toString() {
      return "pod " + address;
    }
  }

  /** A process in the network of that node itself. */
  record Node(String name) implements Source {
    @Override
    public String toString() {
      return "node " + name;
    }
  }

  /** A client outside of the cluster. */
  record Outside(IpAddress address) implements Source {
    @Override
    public String toString() {
      return "outside " + address;
    }
  }
}
