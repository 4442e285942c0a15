package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Names;
import dev.wavetank.core.sim.ChoiceStream;

/**
 * The projected volume {@code kube-api-access-…} with a ServiceAccount's token, the cluster's root
 * certificate and the namespace, mounted in every container that has nothing at its place.
 *
 * <p>Follows plugin/pkg/admission/serviceaccount/admission.go (v1.36).
 */
final class TokenVolume {

  private static final String NAME_PREFIX = "kube-api-access-";
  private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  /** A second above the hour, by which the server tells these tokens from others. */
  private static final long EXPIRATION_SECONDS = 3607;

  private static final KubeMap SOURCE =
      KubeMap.of(
          "sources",
          KubeList.of(
              KubeMap.of(
                  "serviceAccountToken",
                  KubeMap.of("expirationSeconds", EXPIRATION_SECONDS, "path", "token")),
              KubeMap.of(
                  "configMap",
                  KubeMap.of(
                      "name",
                      "kube-root-ca.crt",
                      "items",
                      KubeList.of(KubeMap.of("key", "ca.crt", "path", "ca.crt")))),
              KubeMap.of(
                  "downwardAPI",
                  KubeMap.of(
                      "items",
                      KubeList.of(
                          KubeMap.of(
                              "path",
                              "namespace",
                              "fieldRef",
                              KubeMap.of(
                                  "apiVersion", "v1", "fieldPath", "metadata.namespace")))))),
          "defaultMode",
          420L);

  private final ChoiceStream suffixes;

  TokenVolume(ChoiceStream suffixes) {
    this.suffixes = suffixes;
  }

  /** The pod's spec with the volume and its mounts; itself where nothing is to be added. */
  KubeMap in(KubeMap spec) {
    String known = existing(spec.listOrEmpty("volumes"));
    String name = known.isEmpty() ? NAME_PREFIX + suffix() : known;
    KubeMap mount = KubeMap.of("name", name, "readOnly", true, "mountPath", MOUNT_PATH);
    KubeMap mounted = mount(mount(spec, "initContainers", mount), "containers", mount);
    if (mounted == spec || !known.isEmpty()) {
      return mounted;
    }
    KubeMap volume = KubeMap.of("name", name, "projected", SOURCE);
    return mounted.with("volumes", spec.listOrEmpty("volumes").plus(volume));
  }

  private static String existing(KubeList volumes) {
    for (KubeMap volume : volumes.maps()) {
      String name = volume.string("name", "");
      if (name.startsWith(NAME_PREFIX)) {
        return name;
      }
    }
    return "";
  }

  private String suffix() {
    StringBuilder suffix = new StringBuilder(Names.SUFFIX_LENGTH);
    for (int i = 0; i < Names.SUFFIX_LENGTH; i++) {
      suffix.append(Names.ALPHABET.charAt(suffixes.choose(Names.ALPHABET.length())));
    }
    return suffix.toString();
  }

  private static KubeMap mount(KubeMap spec, String list, KubeMap mount) {
    KubeList containers = spec.listOrEmpty(list);
    KubeList mounted = containers;
    for (int i = 0; i < containers.size(); i++) {
      KubeMap container = containers.map(i);
      KubeList mounts = container.listOrEmpty("volumeMounts");
      if (mounts.find("mountPath", MOUNT_PATH) == null) {
        mounted = mounted.with(i, container.with("volumeMounts", mounts.plus(mount)));
      }
    }
    return mounted == containers ? spec : spec.with(list, mounted);
  }
}
