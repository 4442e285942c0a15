package dev.wavetank.core.kubectl.resource;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.ManifestException;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of {@code -f}: a file, a directory, or standard input.
 *
 * <p>Follows staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go and mapper.go (v1.36). A file
 * of which one document does not parse gives no object at all.
 */
final class ManifestFiles {

  private static final ImmutableList<String> EXTENSIONS =
      ImmutableList.of(".json", ".yaml", ".yml");
  private static final String STDIN = "STDIN";
  private static final int DEPTH_MAX = 64;

  private final FileSource files;
  private final byte[] stdin;
  private final ResourceMapper mapper;
  private final boolean recursive;
  private final boolean validate;
  private final boolean local;

  ManifestFiles(
      FileSource files,
      byte[] stdin,
      ResourceMapper mapper,
      boolean recursive,
      boolean validate,
      boolean local) {
    this.files = files;
    this.stdin = stdin;
    this.mapper = mapper;
    this.recursive = recursive;
    this.validate = validate;
    this.local = local;
  }

  /**
   * The files that a path stands for.
   *
   * @throws CommandException when there is none
   */
  List<String> expand(String path) {
    if (path.startsWith("http://") || path.startsWith("https://")) {
      throw CommandException.of(
          "unable to read URL "
              + GoQuote.quote(path)
              + ", the simulation reaches no other network");
    }
    if (files.read(path) != null) {
      return List.of(path);
    }
    if (files.list(path) == null) {
      throw CommandException.of("the path " + GoQuote.quote(path) + " does not exist");
    }
    List<String> found = new ArrayList<>();
    walk(path, 0, found);
    if (found.isEmpty()) {
      throw CommandException.of(
          "error reading [" + path + "]: recognized file extensions are [.json .yaml .yml]");
    }
    return found;
  }

  private void walk(String directory, int depth, List<String> found) {
    List<String> names = files.list(directory);
    if (names == null || depth > DEPTH_MAX) {
      return;
    }
    for (String name : names) {
      String path = joined(directory, name);
      if (files.read(path) != null) {
        if (EXTENSIONS.stream().anyMatch(name::endsWith)) {
          found.add(path);
        }
      } else if (recursive) {
        walk(path, depth + 1, found);
      }
    }
  }

  private static String joined(String directory, String name) {
    String parent = directory.endsWith("/") ? directory : directory + "/";
    return parent.equals("./") ? name : parent + name;
  }

  /** The objects of a file, each by itself, so that one that is wrong stops no other. */
  List<ResourceResult.Source> sources(String file) {
    byte[] bytes = file.equals("-") ? stdin : files.read(file);
    String name = file.equals("-") ? STDIN : file;
    List<ResourceResult.Source> sources = new ArrayList<>();
    try {
      for (Manifest manifest : Manifests.parse(name, bytes == null ? new byte[0] : bytes)) {
        KubeObject object = manifest.object();
        if (validate) {
          requireTyped(name, object);
        }
        sources.add(() -> List.of(info(name, object)));
      }
    } catch (ManifestException e) {
      String message = e.kubectlMessage();
      CommandException wrong =
          CommandException.of(message == null ? String.valueOf(e.getMessage()) : message);
      return List.of(failing(wrong));
    } catch (CommandException e) {
      sources.add(failing(e));
    }
    return sources;
  }

  static ResourceResult.Source failing(CommandException error) {
    return () -> {
      throw error;
    };
  }

  private static void requireTyped(String file, KubeObject object) {
    List<String> missing = new ArrayList<>();
    if (object.apiVersion().isEmpty()) {
      missing.add("apiVersion not set");
    }
    if (object.kind().isEmpty()) {
      missing.add("kind not set");
    }
    if (!missing.isEmpty()) {
      throw CommandException.of(
          "error validating "
              + GoQuote.quote(file)
              + ": error validating data: "
              + (missing.size() == 1 ? missing.get(0) : "[" + String.join(", ", missing) + "]")
              + "; if you choose to ignore these errors, turn validation off with"
              + " --validate=false");
    }
  }

  private ResourceInfo info(String file, KubeObject object) {
    if (object.kind().isEmpty()) {
      throw CommandException.of(
          "unable to decode "
              + GoQuote.quote(file)
              + ": Object 'Kind' is missing in '"
              + GoText.json(object.root())
              + "'");
    }
    @Nullable ResourceType type = mapper.typeOf(object.apiVersion(), object.kind());
    if (type == null && local) {
      type = unserved(object);
    }
    if (type == null) {
      throw CommandException.of(
          "resource mapping not found for name: "
              + GoQuote.quote(object.name())
              + " namespace: "
              + GoQuote.quote(object.namespace())
              + " from "
              + GoQuote.quote(file)
              + ": no matches for kind "
              + GoQuote.quote(object.kind())
              + " in version "
              + GoQuote.quote(object.apiVersion())
              + "\nensure CRDs are installed first");
    }
    return new ResourceInfo(type, object.namespace(), object.name(), object, file);
  }

  /** The type that an object of its own says to have, for commands that ask no server. */
  private static ResourceType unserved(KubeObject object) {
    int slash = object.apiVersion().indexOf('/');
    String singular = com.google.common.base.Ascii.toLowerCase(object.kind());
    return new ResourceType(
        slash < 0 ? "" : object.apiVersion().substring(0, slash),
        object.apiVersion().substring(slash + 1),
        object.kind(),
        singular + "s",
        singular,
        !object.namespace().isEmpty());
  }
}
