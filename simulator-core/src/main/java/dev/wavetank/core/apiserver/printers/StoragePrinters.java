package dev.wavetank.core.apiserver.printers;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of volumes, claims and what CSI drivers tell of themselves.
 *
 * <p>Follows printPersistentVolume, printPersistentVolumeClaim, printStorageClass, printCSINode,
 * printCSIDriver, printCSIStorageCapacity and printVolumeAttachment of
 * pkg/printers/internalversion/printers.go (v1.36).
 */
final class StoragePrinters {

  private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
  private static final ImmutableList<String> DEFAULT_CLASS_ANNOTATIONS =
      ImmutableList.of(
          "storageclass.kubernetes.io/is-default-class",
          "storageclass.beta.kubernetes.io/is-default-class");
  private static final ImmutableMap<String, String> ACCESS_MODES =
      ImmutableMap.of(
          "ReadWriteOnce", "RWO",
          "ReadOnlyMany", "ROX",
          "ReadWriteMany", "RWX",
          "ReadWriteOncePod", "RWOP");

  private static final Table.Column CAPACITY =
      TablePrinter.column("Capacity", "How much can be stored.");
  private static final Table.Column MODES =
      TablePrinter.column("Access Modes", "How many nodes may read and write it at once.");
  private static final Table.Column CLASS =
      TablePrinter.column("StorageClass", "The class of storage.");
  private static final Table.Column ATTRIBUTES_CLASS =
      TablePrinter.column("VolumeAttributesClass", "The class of attributes that may change.");
  private static final Table.Column VOLUME_MODE =
      TablePrinter.wide("VolumeMode", "Whether it is a file system or a block device.");

  static final TablePrinter PERSISTENT_VOLUMES =
      new TablePrinter(
          TablePrinter.NAME,
          CAPACITY,
          MODES,
          TablePrinter.column("Reclaim Policy", "What becomes of it when its claim is gone."),
          TablePrinter.column("Status", "Whether it is free or bound."),
          TablePrinter.column("Claim", "The claim that it is bound to."),
          CLASS,
          ATTRIBUTES_CLASS,
          TablePrinter.column("Reason", "Why it failed, in one word."),
          TablePrinter.AGE,
          VOLUME_MODE) {
        @Override
        void print(KubeObject volume, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap spec = volume.spec();
          KubeMap claim = spec.map("claimRef");
          cells
              .add(volume.name())
              .add(spec.mapOrEmpty("capacity").string("storage", "0"))
              .add(accessModes(spec))
              .add(spec.string("persistentVolumeReclaimPolicy", ""))
              .add(phase(volume))
              .add(
                  claim == null
                      ? ""
                      : claim.string("namespace", "") + "/" + claim.string("name", ""))
              .add(storageClass(volume))
              .add(spec.string("volumeAttributesClassName", "<unset>"))
              .add(volume.status().string("reason", ""))
              .add(age(volume, now))
              .add(spec.string("volumeMode", "<unset>"));
        }
      };

  static final TablePrinter PERSISTENT_VOLUME_CLAIMS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Status", "Whether it has a volume."),
          TablePrinter.column("Volume", "The volume that it is bound to."),
          CAPACITY,
          MODES,
          CLASS,
          ATTRIBUTES_CLASS,
          TablePrinter.AGE,
          VOLUME_MODE) {
        @Override
        void print(KubeObject claim, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap spec = claim.spec();
          String volume = spec.string("volumeName", "");
          boolean named = !volume.isEmpty();
          cells
              .add(claim.name())
              .add(phase(claim))
              .add(volume)
              .add(named ? claim.status().mapOrEmpty("capacity").string("storage", "0") : "")
              .add(named ? accessModes(claim.status()) : "")
              .add(storageClass(claim))
              .add(spec.string("volumeAttributesClassName", "<unset>"))
              .add(age(claim, now))
              .add(spec.string("volumeMode", "<unset>"));
        }
      };

  static final TablePrinter STORAGE_CLASSES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Provisioner", "Who makes the volumes."),
          TablePrinter.column("ReclaimPolicy", "What becomes of a volume without its claim."),
          TablePrinter.column("VolumeBindingMode", "When a claim gets its volume."),
          TablePrinter.column("AllowVolumeExpansion", "Whether a claim may ask for more room."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject storageClass, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap root = storageClass.root();
          cells
              .add(storageClass.name() + (isDefault(storageClass) ? " (default)" : ""))
              .add(root.string("provisioner", ""))
              .add(root.string("reclaimPolicy", "Delete"))
              .add(root.string("volumeBindingMode", "Immediate"))
              .add(root.bool("allowVolumeExpansion", false))
              .add(age(storageClass, now));
        }
      };

  static final TablePrinter CSI_NODES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.integer("Drivers", "How many CSI drivers run on the node."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject node, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(node.name())
              .add((long) node.spec().listOrEmpty("drivers").size())
              .add(age(node, now));
        }
      };

  static final TablePrinter CSI_DRIVERS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.bool("AttachRequired", "Whether volumes are attached to nodes."),
          TablePrinter.bool("PodInfoOnMount", "Whether the driver is told of the pod."),
          TablePrinter.bool("StorageCapacity", "Whether the driver tells how much room is left."),
          TablePrinter.column("TokenRequests", "For whom the driver gets tokens of the pod."),
          TablePrinter.bool("RequiresRepublish", "Whether the driver is called again and again."),
          TablePrinter.column("Modes", "Which kinds of volumes the driver makes."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject driver, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap spec = driver.spec();
          cells
              .add(driver.name())
              .add(spec.bool("attachRequired", true))
              .add(spec.bool("podInfoOnMount", false))
              .add(spec.bool("storageCapacity", false))
              .add(audiences(spec.list("tokenRequests")))
              .add(spec.bool("requiresRepublish", false))
              .add(orNone(Joiner.on(',').join(spec.listOrEmpty("volumeLifecycleModes"))))
              .add(age(driver, now));
        }
      };

  static final TablePrinter CSI_STORAGE_CAPACITIES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("StorageClassName", "The class of storage that there is room for."),
          CAPACITY) {
        @Override
        void print(KubeObject capacity, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(capacity.name())
              .add(capacity.root().string("storageClassName", ""))
              .add(capacity.root().string("capacity", "<unset>"));
        }
      };

  static final TablePrinter VOLUME_ATTACHMENTS =
      new TablePrinter(
          TablePrinter.NAME,
          new Table.Column("Attacher", "string", "name", "The driver that attaches it.", 0),
          TablePrinter.column("PV", "The volume."),
          TablePrinter.column("Node", "The node that it is attached to."),
          TablePrinter.bool("Attached", "Whether it is attached by now."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject attachment, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap spec = attachment.spec();
          cells
              .add(attachment.name())
              .add(spec.string("attacher", ""))
              .add(spec.mapOrEmpty("source").string("persistentVolumeName", ""))
              .add(spec.string("nodeName", ""))
              .add(attachment.status().bool("attached", false))
              .add(age(attachment, now));
        }
      };

  static final TablePrinter VOLUME_ATTRIBUTES_CLASSES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("DriverName", "The driver whose volumes it is about."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          String driver = object.root().string("driverName", "");
          cells.add(object.name()).add(driver).add(age(object, now));
        }
      };

  private StoragePrinters() {}

  private static String phase(KubeObject object) {
    return object.terminating() ? "Terminating" : object.status().string("phase", "");
  }

  /** Each mode once and in this order, whatever the object's. */
  private static String accessModes(KubeMap map) {
    KubeList modes = map.listOrEmpty("accessModes");
    List<String> words = new ArrayList<>();
    ACCESS_MODES.forEach(
        (mode, word) -> {
          if (modes.contains(mode)) {
            words.add(word);
          }
        });
    return String.join(",", words);
  }

  private static String storageClass(KubeObject object) {
    return object
        .annotations()
        .string(CLASS_ANNOTATION, object.spec().string("storageClassName", ""));
  }

  private static boolean isDefault(KubeObject storageClass) {
    KubeMap annotations = storageClass.annotations();
    return DEFAULT_CLASS_ANNOTATIONS.stream().anyMatch(key -> "true".equals(annotations.get(key)));
  }

  private static String audiences(@Nullable KubeList requests) {
    if (requests == null) {
      return "<unset>";
    }
    List<String> audiences = new ArrayList<>();
    requests.maps().forEach(request -> audiences.add(request.string("audience", "")));
    return String.join(",", audiences);
  }
}
