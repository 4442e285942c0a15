package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ports of a Service as its pods offer them. A port that targets a name may lead to a different
 * number in each pod, and to none in some; pods with the same numbers share one list.
 */
public final class OfferedPorts {

  /** How a port is written down. */
  public interface Form {
    /** The port of a pod that a Service's port leads to. */
    KubeMap port(KubeMap servicePort, long number);
  }

  private static final class Offer {
    final long[] numbers;
    final KubeList ports;

    Offer(long[] numbers, KubeList ports) {
      this.numbers = numbers;
      this.ports = ports;
    }
  }

  private final KubeList servicePorts;
  private final Form form;
  private final List<Offer> offers = new ArrayList<>(1);
  private final boolean named;

  public OfferedPorts(KubeObject service, Form form) {
    this.servicePorts = service.spec().listOrEmpty("ports");
    this.form = form;
    boolean anyNamed = false;
    for (int i = 0; i < servicePorts.size(); i++) {
      anyNamed |= servicePorts.map(i).get("targetPort") instanceof String;
    }
    this.named = anyNamed;
  }

  /** The ports that a pod offers, in the Service's order: the same list for the same ports. */
  public KubeList of(KubeObject pod) {
    if (!named && !offers.isEmpty()) {
      return offers.get(0).ports;
    }
    long[] numbers = new long[servicePorts.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = ServicePods.findPort(pod, servicePorts.map(i));
    }
    for (Offer offer : offers) {
      if (Arrays.equals(offer.numbers, numbers)) {
        return offer.ports;
      }
    }
    List<KubeMap> ports = new ArrayList<>(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] >= 0) {
        ports.add(form.port(servicePorts.map(i), numbers[i]));
      }
    }
    Offer offer = new Offer(numbers, KubeList.copyOf(ports));
    offers.add(offer);
    return offer.ports;
  }
}
