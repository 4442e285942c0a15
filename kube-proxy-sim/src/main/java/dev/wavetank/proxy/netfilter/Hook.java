package dev.wavetank.proxy.netfilter;

/** A place on a packet's way through the kernel where tables are asked. */
public enum Hook {
  PREROUTING,
  INPUT,
  FORWARD,
  OUTPUT,
  POSTROUTING
}
