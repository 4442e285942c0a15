package dev.wavetank.core.container.image;

import com.google.common.hash.Hashing;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.ImageReference;
import dev.wavetank.core.container.Images;
import dev.wavetank.core.container.Programs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The images that a cluster can pull, and what each does when run. An image that nobody has
 * described exists and runs as {@link ApplicationBehavior} describes for unknown images.
 */
public final class ImageRegistry implements Images {

  /** Containers of so many forms are remembered; then the memory starts anew. */
  private static final int BEHAVIORS_MAX = 4096;

  private static final long UNKNOWN_SIZE_MIN = 20_000_000L;
  private static final long UNKNOWN_SIZE_SPAN = 130_000_000L;

  private final List<ImagePersonality> personalities = new ArrayList<>();
  private final Map<String, Function<KubeMap, ContainerBehavior>> callbacks = new LinkedHashMap<>();
  private final Map<String, String> pullErrors = new LinkedHashMap<>();
  private final Map<String, String> imageIds = new LinkedHashMap<>();
  private final Map<KubeMap, ContainerBehavior> behaviors = new LinkedHashMap<>();
  private final Programs programs = BuiltInPrograms.table();

  /** A registry with the personalities that come with the simulator. */
  public ImageRegistry() {
    personalities.addAll(ImagePersonality.builtIn());
  }

  /** Adds a personality; it is asked before those added earlier. */
  public void add(ImagePersonality personality) {
    personalities.add(0, personality);
    behaviors.clear();
  }

  /**
   * Sets what containers of an image do.
   *
   * @param image as in pod specs; without a tag it stands for every tag
   * @param behavior given the container of the pod's spec
   */
  public void behave(String image, Function<KubeMap, ContainerBehavior> behavior) {
    callbacks.put(callbackKey(image), behavior);
    behaviors.clear();
  }

  /** Pulls of that image fail with the runtime's error from now on; an empty text heals it. */
  public void failPulls(String image, String error) {
    String key = ImageReference.of(image).canonical();
    if (error.isEmpty()) {
      pullErrors.remove(key);
    } else {
      pullErrors.put(key, error);
    }
  }

  /** Pulls of that image fail as for a tag that does not exist. */
  public void absent(String image) {
    failPulls(image, notFound(ImageReference.of(image)));
  }

  /** Programs of containers that have a shell. */
  @Override
  public Programs programs() {
    return programs;
  }

  /** The personality of an image, or null for an unknown one. */
  public @Nullable ImagePersonality personality(String image) {
    ImageReference reference = ImageReference.of(image);
    for (ImagePersonality personality : personalities) {
      if (personality.matches(reference)) {
        return personality;
      }
    }
    return null;
  }

  @Override
  public boolean toolbox(String image) {
    ImagePersonality personality = personality(image);
    return personality != null && personality.toolbox();
  }

  /** The error that a pull meets; empty when it succeeds. */
  @Override
  public String pullError(String image) {
    ImageReference reference = ImageReference.of(image);
    String set = pullErrors.get(reference.canonical());
    if (set != null) {
      return set;
    }
    ImagePersonality personality = personality(image);
    return personality == null || personality.hasTag(reference.tag()) ? "" : notFound(reference);
  }

  private static String notFound(ImageReference reference) {
    String name = reference.canonical();
    return "rpc error: code = NotFound desc = failed to pull and unpack image \""
        + name
        + "\": failed to resolve reference \""
        + name
        + "\": "
        + name
        + ": not found";
  }

  /** Compressed size in bytes. */
  @Override
  public long sizeBytes(String image) {
    ImagePersonality personality = personality(image);
    if (personality != null && personality.sizeBytes() > 0) {
      return personality.sizeBytes();
    }
    long hash = ImageReference.of(image).repository().hashCode() & 0x7FFFFFFFL;
    return UNKNOWN_SIZE_MIN + hash % UNKNOWN_SIZE_SPAN;
  }

  /** {@code imageID} in a container's status: the repository and its digest. */
  public String imageId(String image) {
    return imageIds.computeIfAbsent(
        image,
        name -> {
          ImageReference reference = ImageReference.of(name);
          return reference.repository()
              + "@"
              + (reference.digest().isEmpty()
                  ? "sha256:"
                      + Hashing.sha256().hashString(reference.canonical(), StandardCharsets.UTF_8)
                  : reference.digest());
        });
  }

  /** What a container of a pod's spec does when run; the same one for equal containers. */
  @Override
  public ContainerBehavior behavior(KubeMap container) {
    ContainerBehavior known = behaviors.get(container);
    if (known == null) {
      if (behaviors.size() >= BEHAVIORS_MAX) {
        behaviors.clear();
      }
      known = makeBehavior(container);
      behaviors.put(container, known);
    }
    return known;
  }

  private ContainerBehavior makeBehavior(KubeMap container) {
    String image = container.string("image", "");
    ImageReference reference = ImageReference.of(image);
    Function<KubeMap, ContainerBehavior> callback = callbacks.get(reference.canonical());
    if (callback == null) {
      callback = callbacks.get(reference.repository());
    }
    if (callback != null) {
      return callback.apply(container);
    }
    ImagePersonality personality = personality(image);
    List<String> argv = argv(container, personality);
    ImagePersonality chosen =
        personality == null
            ? ImagePersonality.UNKNOWN
            : personality.as(reference.tag(), argv, container);
    ApplicationBehavior application = new ApplicationBehavior(chosen, container, argv);
    boolean serves = personality != null && chosen != personality && !chosen.toolbox();
    return !serves && runsPrograms(argv, personality)
        ? new ProgramBehavior(application, argv)
        : application;
  }

  private boolean runsPrograms(List<String> argv, @Nullable ImagePersonality personality) {
    if (argv.isEmpty()) {
      return personality != null && personality.toolbox();
    }
    if (personality != null && personality.toolbox()) {
      return true;
    }
    return BuiltInPrograms.areAll(programs, argv);
  }

  /** The command line of a container: the spec's, completed by the image's. */
  static List<String> argv(KubeMap container, @Nullable ImagePersonality personality) {
    KubeList command = container.listOrEmpty("command");
    KubeList args = container.listOrEmpty("args");
    List<String> argv = new ArrayList<>();
    if (command.isEmpty() && personality != null) {
      argv.addAll(personality.entrypoint());
      if (args.isEmpty()) {
        argv.addAll(personality.command());
      }
    }
    command.forEach(word -> argv.add((String) word));
    args.forEach(word -> argv.add((String) word));
    return argv;
  }

  /** The command line of a container of a pod's spec. */
  @Override
  public List<String> argv(KubeMap container) {
    return argv(container, personality(container.string("image", "")));
  }

  private static String callbackKey(String image) {
    boolean tagged = image.lastIndexOf(':') > image.lastIndexOf('/') || image.indexOf('@') >= 0;
    ImageReference reference = ImageReference.of(image);
    return tagged ? reference.canonical() : reference.repository();
  }
}
