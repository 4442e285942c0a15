package dev.wavetank.core.kubelet;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.filesystem.FileTree;
import dev.wavetank.core.container.filesystem.Mount;
import dev.wavetank.core.kubelet.prober.Expansion;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of a node: its own, which {@code hostPath} shows, and those in the volumes of its pods.
 * What comes from ConfigMaps and Secrets is brought up to date when the pod is synced the next
 * time, which is between now and {@value #RESYNC_SECONDS_MAX} s from now; what a container has
 * through a {@code subPath} stays as it was.
 */
final class VolumeFiles {

  /** The longest time between two syncs of a pod about which nothing else happens. */
  static final long RESYNC_SECONDS_MAX = 90;

  private static final long SECOND = 1_000_000_000L;
  private static final String DISK = "/dev/vda1";
  private static final String MEMORY = "tmpfs";
  private static final ImmutableList<String> DIRECTORIES =
      ImmutableList.of(
          "/boot",
          "/dev",
          "/etc/kubernetes/manifests",
          "/etc/kubernetes/pki",
          "/home",
          "/lib/modules",
          "/mnt",
          "/opt",
          "/proc",
          "/root",
          "/run",
          "/srv",
          "/sys",
          "/tmp",
          "/usr",
          "/var/lib/kubelet",
          "/var/log/pods",
          "/var/run");

  private final Kubelet kubelet;
  private final Simulation simulation;
  private final VolumePayload payload;
  private final VolumeUsers users;
  private final ChoiceStream resync;
  private final FileTree host = new FileTree();

  /** The volumes of pods by the pod's UID, then by their names. */
  private final Map<String, Map<String, FileTree>> volumes = new LinkedHashMap<>();

  /**
   * The files of a node that is new.
   *
   * @param users of volumes in the whole cluster
   */
  VolumeFiles(Kubelet kubelet, VolumePayload payload, VolumeUsers users) {
    this.kubelet = kubelet;
    this.simulation = kubelet.server().simulation();
    this.payload = payload;
    this.users = users;
    this.resync = simulation.choices().stream("kubelet/" + kubelet.name() + "/resync");
    DIRECTORIES.forEach(host::makeDirectory);
    host.write("/etc/hostname", kubelet.name() + "\n");
    host.write("/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n");
  }

  /** Why a {@code hostPath} cannot be mounted; empty when it can. */
  String hostPathError(KubeMap hostPath) {
    String path = FilePaths.resolve("/", hostPath.string("path", ""));
    boolean directory = host.directory(path);
    boolean file = host.read(path) != null;
    String type = hostPath.string("type", "");
    String wanted =
        switch (type) {
          case "Directory" -> directory ? "" : "a directory";
          case "DirectoryOrCreate" -> file ? "a directory" : "";
          case "File" -> file ? "" : "a file";
          case "FileOrCreate" -> directory ? "a file" : "";
          case "Socket" -> "a socket file";
          case "CharDevice" -> "a character device";
          case "BlockDevice" -> "a block device";
          default -> "";
        };
    return wanted.isEmpty() ? "" : "hostPath type check failed: " + path + " is not " + wanted;
  }

  /** The volumes of a container, whose pod has that address. */
  ImmutableList<Mount> mounts(KubeObject pod, KubeMap container, KubeMap env, KubeList podIps) {
    ImmutableList.Builder<Mount> mounts = ImmutableList.builder();
    for (KubeMap mount : container.listOrEmpty("volumeMounts").maps()) {
      KubeMap volume = pod.spec().listOrEmpty("volumes").find("name", mount.string("name", ""));
      if (volume != null) {
        mounts.add(mount(pod, claimed(pod, volume), mount, env, podIps));
      }
    }
    return mounts.build();
  }

  /** The volume; for that of a claim bound to a directory of the node, this directory. */
  private KubeMap claimed(KubeObject pod, KubeMap volume) {
    KubeObject bound = boundVolume(pod, volume);
    KubeMap hostPath = bound == null ? null : bound.spec().map("hostPath");
    KubeMap local = bound == null ? null : bound.spec().map("local");
    if (hostPath == null && local == null) {
      return volume;
    }
    return KubeMap.of(
        "name", volume.string("name", ""), "hostPath", hostPath != null ? hostPath : local);
  }

  /** The PersistentVolume to which the claim of a volume is bound; null when there is none. */
  private @Nullable KubeObject boundVolume(KubeObject pod, KubeMap volume) {
    KubeMap reference = volume.map("persistentVolumeClaim");
    if (reference == null) {
      return null;
    }
    String name = reference.string("claimName", "");
    ObjectKey key = ObjectKey.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, pod.namespace(), name);
    KubeObject claim = kubelet.server().find(key);
    String bound = claim == null ? "" : claim.spec().string("volumeName", "");
    return bound.isEmpty()
        ? null
        : kubelet.server().find(ObjectKey.of(ResourceType.PERSISTENT_VOLUMES, "", bound));
  }

  private Mount mount(KubeObject pod, KubeMap volume, KubeMap mount, KubeMap env, KubeList podIps) {
    String path = FilePaths.resolve("/", mount.string("mountPath", ""));
    String expression = mount.string("subPathExpr", "");
    String asked =
        expression.isEmpty() ? mount.string("subPath", "") : Expansion.of(expression, env::string);
    String subPath = FilePaths.resolve("/", asked);
    boolean projected = VolumePayload.projects(volume);
    boolean readOnly = projected || mount.bool("readOnly", false);
    boolean memory = volume.mapOrEmpty("emptyDir").string("medium", "").equals("Memory");
    String medium = projected || memory ? MEMORY : DISK;
    FileTree tree = tree(pod, volume, podIps);
    String inside = subPath;
    KubeMap hostPath = volume.map("hostPath");
    if (hostPath != null) {
      String root = FilePaths.resolve("/", hostPath.string("path", ""));
      inside = subPath.equals("/") ? root : FilePaths.resolve(root, "." + subPath);
      if (hostPath.string("type", "").equals("FileOrCreate") && tree.read(inside) == null) {
        tree.write(inside, "");
      }
    }
    if (tree.read(inside) == null && !tree.directory(inside)) {
      tree.makeDirectory(inside);
    }
    boolean snapshot = projected && !subPath.equals("/");
    return new Mount(path, snapshot ? copy(tree) : tree, inside, readOnly, medium);
  }

  private static FileTree copy(FileTree tree) {
    Map<String, FileTree.File> files = new LinkedHashMap<>();
    for (String path : tree.paths()) {
      String content = tree.read(path);
      if (content != null) {
        files.put(path, new FileTree.File(content, tree.mode(path)));
      }
    }
    FileTree copy = new FileTree();
    copy.replace(files);
    return copy;
  }

  private FileTree tree(KubeObject pod, KubeMap volume, KubeList podIps) {
    if (volume.has("hostPath")) {
      return host;
    }
    KubeMap claim = volume.map("persistentVolumeClaim");
    if (claim != null) {
      KubeObject bound = boundVolume(pod, volume);
      return users.claim(
          bound == null ? pod.namespace() + "/" + claim.string("claimName", "") : bound.name());
    }
    Map<String, FileTree> ofPod =
        volumes.computeIfAbsent(pod.uid(), absent -> new LinkedHashMap<>(2));
    return ofPod.computeIfAbsent(
        volume.string("name", ""),
        absent -> {
          FileTree tree = new FileTree();
          if (VolumePayload.projects(volume)) {
            tree.replace(payload.of(pod, volume, podIps));
            VolumePayload.keys(pod.namespace(), volume).forEach(key -> users.add(key, this));
          }
          return tree;
        });
  }

  /** Brings what the downward API tells up to date: the pod has changed and is synced. */
  void podChanged(KubeObject pod, KubeList podIps) {
    Map<String, FileTree> ofPod = volumes.get(pod.uid());
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      FileTree tree = ofPod == null ? null : ofPod.get(volume.string("name", ""));
      if (tree != null && hasDownward(volume)) {
        tree.replace(payload.of(pod, volume, podIps));
      }
    }
  }

  private static boolean hasDownward(KubeMap volume) {
    for (KubeMap source : volume.mapOrEmpty("projected").listOrEmpty("sources").maps()) {
      if (source.has("downwardAPI")) {
        return true;
      }
    }
    return volume.has("downwardAPI");
  }

  /** An object has changed: pods of the node that show it do so at their next sync. */
  void changed(ObjectKey object) {
    boolean shown = false;
    for (PodWorker worker : kubelet.workers()) {
      KubeObject pod = worker.pod();
      if (pod.namespace().equals(object.namespace()) && volumes.containsKey(pod.uid())) {
        for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
          if (VolumePayload.keys(pod.namespace(), volume).contains(object)) {
            shown = true;
            simulation.after(
                resync.between(0, RESYNC_SECONDS_MAX * SECOND),
                "kubelet/sync-volume",
                worker.key() + "/" + volume.string("name", ""),
                () -> refresh(worker, volume));
          }
        }
      }
    }
    if (!shown) {
      users.forget(object, this);
    }
  }

  private void refresh(PodWorker worker, KubeMap volume) {
    Map<String, FileTree> ofPod = volumes.get(worker.uid());
    FileTree tree = ofPod == null ? null : ofPod.get(volume.string("name", ""));
    List<ObjectKey> keys = VolumePayload.keys(worker.pod().namespace(), volume);
    if (tree != null && payload.complete(keys)) {
      tree.replace(payload.of(worker.pod(), volume, worker.seenIps()));
      PodSandbox sandbox = worker.sandbox();
      if (sandbox != null) {
        sandbox.running().forEach(Container::filesChanged);
      }
    }
  }

  /** The pod is gone, and with it the volumes that live as long as it. */
  void forget(String podUid) {
    volumes.remove(podUid);
  }
}
