package dev.wavetank.core.apiserver.printers;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of the networking group: policies, ingresses and their classes, networks of cluster IPs.
 *
 * <p>Follows printNetworkPolicy, printIngress, printIngressClass, printServiceCIDR and
 * printIPAddress of pkg/printers/internalversion/printers.go (v1.36).
 */
final class NetworkingPrinters {

  private static final int HOSTS_MAX = 3;

  static final TablePrinter NETWORK_POLICIES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Pod-Selector", "Which pods of its namespace the policy is about."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject policy, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(policy.name())
              .add(LabelSelector.format(policy.spec().mapOrEmpty("podSelector")))
              .add(age(policy, now));
        }
      };

  static final TablePrinter INGRESSES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Class", "The IngressClass that says how it is made."),
          TablePrinter.column("Hosts", "The hosts of its rules."),
          TablePrinter.column("Address", "Where the load balancer can be reached."),
          TablePrinter.column("Ports", "The ports that are open."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject ingress, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap spec = ingress.spec();
          cells
              .add(ingress.name())
              .add(spec.string("ingressClassName", "<none>"))
              .add(hosts(spec.listOrEmpty("rules")))
              .add(String.join(",", ServicePrinter.ingress(ingress)))
              .add(spec.listOrEmpty("tls").isEmpty() ? "80" : "80, 443")
              .add(age(ingress, now));
        }
      };

  static final TablePrinter INGRESS_CLASSES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Controller", "The controller that cares for the class."),
          TablePrinter.column("Parameters", "An object that says more of the class."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject ingressClass, Instant now, ImmutableList.Builder<Object> cells) {
          boolean byDefault =
              "true"
                  .equals(
                      ingressClass
                          .annotations()
                          .string("ingressclass.kubernetes.io/is-default-class"));
          cells
              .add(ingressClass.name() + (byDefault ? " (default)" : ""))
              .add(ingressClass.spec().string("controller", ""))
              .add(parameters(ingressClass.spec().mapOrEmpty("parameters")))
              .add(age(ingressClass, now));
        }
      };

  static final TablePrinter SERVICE_CIDRS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("CIDRs", "The networks of cluster IPs."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject network, Instant now, ImmutableList.Builder<Object> cells) {
          List<String> cidrs = new ArrayList<>();
          network.spec().listOrEmpty("cidrs").forEach(cidr -> cidrs.add(cidr.toString()));
          cells.add(network.name()).add(String.join(",", cidrs)).add(age(network, now));
        }
      };

  static final TablePrinter IP_ADDRESSES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("ParentRef", "The object that has the address."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject address, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap parent = address.spec().map("parentRef");
          cells
              .add(address.name())
              .add(parent == null ? "<none>" : parent(parent))
              .add(age(address, now));
        }
      };

  private NetworkingPrinters() {}

  private static String hosts(KubeList rules) {
    List<String> hosts = new ArrayList<>();
    boolean more = false;
    for (KubeMap rule : rules.maps()) {
      more |= hosts.size() == HOSTS_MAX;
      if (!more && !rule.string("host", "").isEmpty()) {
        hosts.add(rule.string("host", ""));
      }
    }
    String text = hosts.isEmpty() ? "*" : String.join(",", hosts);
    return more ? text + " + " + (rules.size() - HOSTS_MAX) + " more..." : text;
  }

  private static String parameters(KubeMap parameters) {
    if (parameters.isEmpty()) {
      return "<none>";
    }
    String group = parameters.string("apiGroup");
    return parameters.string("kind", "")
        + (group == null ? "" : "." + group)
        + "/"
        + parameters.string("name", "");
  }

  private static String parent(KubeMap parent) {
    String group = parent.string("group", "");
    String resource = parent.string("resource", "");
    String namespace = parent.string("namespace", "");
    return Ascii.toLowerCase(group.isEmpty() ? resource : resource + "." + group)
        + (namespace.isEmpty() ? "" : "/" + namespace)
        + "/"
        + parent.string("name", "");
  }
}
