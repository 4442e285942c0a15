package dev.wavetank.core.kubectl;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ManifestException;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import dev.wavetank.core.apiserver.patch.JsonPatch;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchException;
import dev.wavetank.core.apiserver.patch.PatchType;
import dev.wavetank.core.apiserver.patch.StrategicMergePatch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.nio.charset.StandardCharsets;

/**
 * {@code kubectl patch}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go (v1.36).
 */
final class PatchCommand extends Command {

  private static final ImmutableMap<String, PatchType> TYPES =
      ImmutableMap.of(
          "json", PatchType.JSON, "merge", PatchType.MERGE, "strategic", PatchType.STRATEGIC);

  private static final ImmutableList<String> SUBRESOURCES = ImmutableList.of("status", "resize");

  PatchCommand() {
    super("patch", "Update fields of a resource");
    PrintFlags.addTo(flags());
    FileFlags.addTo(flags());
    DryRun.addFlag(flags());
    Recorder.addFlag(flags());
    flags()
        .string("patch", "p", "", "The patch, in JSON or YAML")
        .string("patch-file", "", "", "File of the patch")
        .string("type", "", "strategic", "The patch's format: json, merge or strategic")
        .bool("local", "", false, "Only print what the files would become")
        .string("subresource", "", "", "status or resize, to patch that")
        .string("field-manager", "", "kubectl-patch", "Has no effect");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    DryRun dryRun = DryRun.of(call);
    boolean local = local(call, dryRun);
    PatchType type = type(flags);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    Patch patch = Patch.of(type, json(call));
    int[] count = {0};
    call.builder()
        .continueOnError()
        .local(flags.bool("local"))
        .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"))
        .args(false, call.args())
        .build()
        .visit(
            info -> {
              count[0]++;
              KubeObject patched =
                  local ? patchedLocally(info, patch) : patched(call, info, patch, dryRun);
              boolean same = patched.equals(info.required());
              if (!local && dryRun == DryRun.NONE) {
                Recorder.patch(call, info.key());
              }
              teller.tell(patched, same ? "patched (no change)" : "patched");
            });
    if (count[0] == 0) {
      throw CommandException.of("no objects passed to patch");
    }
  }

  private static boolean local(Invocation call, DryRun dryRun) {
    Flags flags = call.flags();
    boolean text = !flags.string("patch").isEmpty();
    boolean file = !flags.string("patch-file").isEmpty();
    if (text && file) {
      throw CommandException.of("cannot specify --patch and --patch-file together");
    }
    if (!text && !file) {
      throw CommandException.of(
          "must specify --patch or --patch-file containing the contents of the patch");
    }
    if (flags.bool("local") && !call.args().isEmpty()) {
      throw CommandException.of("cannot specify --local and server resources");
    }
    return SetFlags.local(call, dryRun);
  }

  private static PatchType type(Flags flags) {
    String name = flags.string("type");
    PatchType type = TYPES.get(Ascii.toLowerCase(name.isEmpty() ? "strategic" : name));
    if (type == null) {
      throw CommandException.of(
          "--type must be one of [json merge strategic], not " + GoQuote.quote(name));
    }
    String subresource = flags.string("subresource");
    if (!subresource.isEmpty() && !SUBRESOURCES.contains(subresource)) {
      throw CommandException.of("--subresource=" + subresource + " is absent from this simulation");
    }
    return type;
  }

  /** The patch as JSON; what begins with a brace is sent as it is. */
  private static String json(Invocation call) {
    String text = call.flags().string("patch");
    String file = call.flags().string("patch-file");
    if (!file.isEmpty()) {
      byte[] bytes = call.files().read(file);
      if (bytes == null) {
        throw CommandException.of(
            "unable to read patch file: open " + file + ": no such file or directory");
      }
      text = new String(bytes, StandardCharsets.UTF_8);
    }
    if (text.stripLeading().startsWith("{")) {
      return text;
    }
    try {
      return GoText.json(Manifests.value("patch", text));
    } catch (ManifestException e) {
      String message = e.kubectlMessage() == null ? e.getMessage() : e.kubectlMessage();
      String all = String.valueOf(message);
      throw CommandException.of(
          "unable to parse "
              + GoQuote.quote(call.flags().string("patch"))
              + ": "
              + all.substring(Math.max(all.indexOf("yaml: "), 0)));
    }
  }

  private static KubeObject patched(
      Invocation call, ResourceInfo info, Patch patch, DryRun dryRun) {
    WriteOptions options = Invocation.plainWrite(dryRun);
    return switch (call.flags().string("subresource")) {
      case "" -> call.handlers().patch(info.key(), patch, options);
      case "resize" -> call.handlers().resize(info.key(), patch, options);
      default -> call.handlers().patchStatus(info.key(), patch, options);
    };
  }

  private static KubeObject patchedLocally(ResourceInfo info, Patch patch) {
    KubeMap root = info.required().root();
    SchemaType schema = Schema.builtIn().kindOf(info.type());
    try {
      Object tree = patch.tree();
      if (patch.type() == PatchType.STRATEGIC && schema == null) {
        throw CommandException.of(
            "strategic merge patch is not supported for "
                + info.type().kind()
                + " locally, try --type merge");
      }
      Object patched =
          switch (patch.type()) {
            case JSON -> JsonPatch.apply(root, tree);
            case STRATEGIC ->
                schema == null ? root : StrategicMergePatch.apply(schema, root, (KubeMap) tree);
            default -> MergePatch.apply(root, tree);
          };
      return KubeObject.of((KubeMap) patched);
    } catch (PatchException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
  }
}
