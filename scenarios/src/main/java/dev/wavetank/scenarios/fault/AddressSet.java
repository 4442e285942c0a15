package dev.wavetank.scenarios.fault;

import dev.wavetank.core.network.IpAddress;

/** One side of a fault of the network: the addresses that belong to it. */
interface AddressSet {

  AddressSet ANY = address -> true;

  boolean contains(IpAddress address);
}
