package dev.wavetank.scenarios.cluster;

import com.google.common.io.Resources;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.dns.Corefile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The objects of cluster DNS: CoreDNS pods behind the Service {@code kube-dns}.
 *
 * <p>Follows cmd/kubeadm/app/phases/addons/dns/manifests.go (v1.36).
 */
final class CoreDnsAddon {

  private static final String FILE = "coredns.yaml";

  private CoreDnsAddon() {}

  static void create(ApiServer api, ApiServerConfiguration configuration, String clusterDomain) {
    KubeMap metadata = KubeMap.of("name", "coredns", "namespace", "kube-system");
    api.create(
        ResourceType.CONFIG_MAPS,
        KubeObject.of(ResourceType.CONFIG_MAPS, metadata)
            .with(KubeMap.of("Corefile", Corefile.kubeadm(clusterDomain)), "data"));
    for (Manifest manifest : Manifests.read(FILE, text())) {
      KubeObject object = manifest.object();
      ResourceType type = api.typeOf(object.apiVersion(), object.kind());
      SimulationBug.check(type != null, "the kinds of " + FILE + " are served");
      if (ResourceType.SERVICES.equals(type)) {
        object = object.with(configuration.dnsIp().toString(), "spec", "clusterIP");
      }
      if (type != null) {
        api.create(type, object);
      }
    }
  }

  private static String text() {
    try {
      return Resources.toString(
          Resources.getResource(CoreDnsAddon.class, FILE), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SimulationBug("the program's own " + FILE + " cannot be read: " + e);
    }
  }
}
