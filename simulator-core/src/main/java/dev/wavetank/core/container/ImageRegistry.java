package dev.wavetank.core.container;

import com.google.common.hash.Hashing;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
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
public final class ImageRegistry {

  /** Containers of so many forms are remembered; then the memory starts anew. */
  private static final int BEHAVIORS_MAX = 4096;

  private static final String START_ERROR =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: "
          + "runc create failed: unable to start container process: error during container init: ";
  private static final String EXEC_ERROR =
      "OCI runtime exec failed: exec failed: unable to start container process: ";

  private static final long UNKNOWN_SIZE_MIN = 20_000_000L;
  private static final long UNKNOWN_SIZE_SPAN = 130_000_000L;

  private final List<ImagePersonality> personalities = new ArrayList<>();
  private final Map<String, Function<KubeMap, ContainerBehavior>> callbacks = new LinkedHashMap<>();
  private final Map<String, String> pullErrors = new LinkedHashMap<>();
  private final Map<String, String> imageIds = new LinkedHashMap<>();
  private final Map<KubeMap, ContainerBehavior> behaviors = new LinkedHashMap<>();
  private final Programs programs = new Programs();

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

  /** The error that a pull meets; empty when it succeeds. */
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
    return programs.find(argv.get(0)) != null && programs.knowsAll(argv);
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
  public List<String> argv(KubeMap container) {
    return argv(container, personality(container.string("image", "")));
  }

  /** Why the runtime cannot start the container's command; null when it can. */
  @Nullable String startError(Container container) {
    ImagePersonality personality = personality(container.spec().string("image", ""));
    List<String> argv = argv(container.spec(), personality);
    if (!argv.isEmpty() && ArgumentSpace.exceeded(argv, ProgramRun.environment(container))) {
      return START_ERROR + tooLong(argv.get(0));
    }
    if (personality == null || !personality.toolbox() || argv.isEmpty()) {
      return null;
    }
    return programs.find(argv.get(0)) != null ? null : startErrorText(argv.get(0));
  }

  /** The runtime's words for a container's own program that is not in the image. */
  static String startErrorText(String program) {
    return START_ERROR + missing(program);
  }

  /** The runtime's words for a command inside whose program is not in the image. */
  static String execErrorText(String program) {
    return EXEC_ERROR + missing(program);
  }

  /** The runtime's words for a command inside whose arguments are too long for the kernel. */
  static String argumentsErrorText(String program) {
    return EXEC_ERROR + tooLong(program);
  }

  private static String tooLong(String program) {
    String path = program.startsWith("/") ? program : "/bin/" + program;
    return "exec " + path + ": argument list too long: unknown";
  }

  private static String missing(String program) {
    return "exec: \""
        + program
        + "\": "
        + (program.startsWith("/")
            ? "stat " + program + ": no such file or directory"
            : "executable file not found in $PATH")
        + ": unknown";
  }

  private static String callbackKey(String image) {
    boolean tagged = image.lastIndexOf(':') > image.lastIndexOf('/') || image.indexOf('@') >= 0;
    ImageReference reference = ImageReference.of(image);
    return tagged ? reference.canonical() : reference.repository();
  }
}
