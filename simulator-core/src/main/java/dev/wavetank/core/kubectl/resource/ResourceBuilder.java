package dev.wavetank.core.kubectl.resource;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the arguments, selectors and files of a command line into objects.
 *
 * <p>Follows staging/src/k8s.io/cli-runtime/pkg/resource/builder.go (v1.36).
 */
public final class ResourceBuilder {

  private static final String MISSING =
      """
      You must provide one or more resources by argument or filename.
      Example resource specifications include:
         '-f rsrc.yaml'
         '--filename=rsrc.json'
         '<resource> <name>'
         '<resource>'""";

  private record Tuple(String resource, String name) {}

  private final ApiReader reader;
  private final ResourceMapper mapper;
  private final FileSource files;
  private final byte[] stdin;

  private final List<CommandException> errors = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final List<ResourceType> types = new ArrayList<>();
  private final List<Tuple> tuples = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private @Nullable String labelSelector;
  private @Nullable String fieldSelector;
  private String namespace = "";
  private boolean allNamespaces;
  private boolean defaultNamespace;
  private boolean requireNamespace;
  private boolean selectAll;
  private boolean recursive;
  private boolean directory;
  private boolean singleItemImplied;
  private boolean validate;
  private boolean local;
  private boolean latest;
  private boolean singleType;
  private boolean continueOnError;
  private boolean requireObject = true;

  public ResourceBuilder(ApiReader reader, ResourceMapper mapper, FileSource files, byte[] stdin) {
    this.reader = reader;
    this.mapper = mapper;
    this.files = files;
    this.stdin = stdin;
  }

  /** The namespace of what is asked for by name or selector. */
  public ResourceBuilder namespace(String name) {
    namespace = name;
    return this;
  }

  /** Objects of files without a namespace get the builder's. */
  public ResourceBuilder defaultNamespace() {
    defaultNamespace = true;
    return this;
  }

  public ResourceBuilder allNamespaces(boolean all) {
    allNamespaces = all;
    namespace = all ? "" : namespace;
    return this;
  }

  /** Files are compared with the little of the schema that kubectl itself checks. */
  public ResourceBuilder validate(boolean validates) {
    validate = validates;
    return this;
  }

  /** The server is not asked for anything. */
  public ResourceBuilder local(boolean onlyLocal) {
    local = onlyLocal;
    return this;
  }

  /**
   * The files of {@code -f}.
   *
   * @param enforceNamespace whether an object of another namespace than the builder's is an error
   */
  public ResourceBuilder files(boolean enforceNamespace, List<String> filenames, boolean recurse) {
    recursive = recurse;
    for (String file : filenames) {
      if (file.equals("-")) {
        paths.add(file);
        directory = true;
        continue;
      }
      try {
        List<String> found = manifestFiles().expand(file);
        singleItemImplied = !recurse;
        directory |= found.size() > 1;
        paths.addAll(found);
      } catch (CommandException e) {
        errors.add(e);
      }
    }
    requireNamespace |= enforceNamespace;
    return this;
  }

  private ManifestFiles manifestFiles() {
    return new ManifestFiles(files, stdin, mapper, recursive, validate, local);
  }

  public ResourceBuilder labels(String selector) {
    if (!selector.isBlank()) {
      if (selectAll) {
        errors.add(
            CommandException.of(
                "found non-empty label selector "
                    + GoQuote.quote(selector)
                    + " with previously set 'all' parameter. "));
      }
      labelSelector = selector.strip();
    }
    return this;
  }

  public ResourceBuilder fields(String selector) {
    if (!selector.isBlank()) {
      fieldSelector = selector.strip();
    }
    return this;
  }

  /** Selects every object of the types. */
  public ResourceBuilder all(boolean every) {
    if (every && (labelSelector != null || fieldSelector != null)) {
      errors.add(CommandException.of("setting 'all' parameter but found a non empty selector. "));
    }
    selectAll = every;
    return this;
  }

  /**
   * Arguments: types with commas between them, a type and names, or {@code type/name} each.
   *
   * @param allowEmptySelector whether a type alone means all of its objects
   */
  public ResourceBuilder args(boolean allowEmptySelector, List<String> arguments) {
    List<String> args = normalized(arguments);
    long slashes = args.stream().filter(arg -> arg.contains("/")).count();
    if (slashes > 0) {
      if (slashes != args.size()) {
        errors.add(
            CommandException.of(
                "there is no need to specify a resource type as a separate argument when passing"
                    + " arguments in resource/name form (e.g. 'kubectl get"
                    + " resource/<resource_name>' instead of 'kubectl get resource"
                    + " resource/<resource_name>'"));
        return this;
      }
      args.forEach(arg -> addTuple(arg, ""));
      return this;
    }
    if (args.isEmpty()) {
      return this;
    }
    addTypes(args.get(0));
    names.addAll(args.subList(1, args.size()));
    if (args.size() == 1 && labelSelector == null && allowEmptySelector) {
      labelSelector = "";
    }
    return this;
  }

  /** {@code a,b x y} means {@code a/x a/y b/x b/y}. */
  private static List<String> normalized(List<String> args) {
    if (args.size() < 2 || !args.get(0).contains(",")) {
      return args;
    }
    List<String> all = new ArrayList<>();
    for (String type : new LinkedHashSet<>(List.of(args.get(0).split(",", -1)))) {
      args.subList(1, args.size()).forEach(name -> all.add(type + "/" + name));
    }
    return all;
  }

  private void addTypes(String words) {
    try {
      types.addAll(mapper.typesOf(words));
    } catch (CommandException e) {
      errors.add(e);
    }
  }

  /** Names of a type; one with a slash says its own. */
  public ResourceBuilder names(String type, List<String> all) {
    all.forEach(name -> addTuple(name, type));
    return this;
  }

  private void addTuple(String argument, String type) {
    String[] parts = argument.split("/", -1);
    if (parts.length > 2) {
      errors.add(
          CommandException.of("arguments in resource/name form may not have more than one slash"));
    } else if (parts.length == 2) {
      if (parts[0].isEmpty() || parts[1].isEmpty() || parts[0].contains(",")) {
        errors.add(
            CommandException.of(
                "arguments in resource/name form must have a single resource and name"));
      } else {
        tuples.add(new Tuple(parts[0], parts[1]));
      }
    } else if (type.isEmpty()) {
      errors.add(
          CommandException.of(
              "the argument " + GoQuote.quote(argument) + " must be RESOURCE/NAME"));
    } else {
      tuples.add(new Tuple(type, argument));
    }
  }

  /** Objects of files are read anew from the server. */
  public ResourceBuilder latest() {
    latest = true;
    return this;
  }

  public ResourceBuilder singleResourceType() {
    singleType = true;
    return this;
  }

  /** An error stops no other object. */
  public ResourceBuilder continueOnError() {
    continueOnError = true;
    return this;
  }

  /** Whether objects that are named are read from the server. */
  public ResourceBuilder requireObject(boolean required) {
    requireObject = required;
    return this;
  }

  /**
   * The objects, not yet read.
   *
   * @throws CommandException when the arguments make no sense
   */
  public ResourceResult build() {
    CommandException.throwAll(errors);
    if (selectAll) {
      labelSelector = "";
    }
    if (!paths.isEmpty()) {
      return byPaths();
    }
    if (labelSelector != null || fieldSelector != null) {
      return bySelector();
    }
    if (!tuples.isEmpty()) {
      return byTuples();
    }
    if (!names.isEmpty()) {
      return byNames();
    }
    throw CommandException.of(
        types.isEmpty() ? MISSING : "resource(s) were provided, but no name was specified");
  }

  private ResourceResult result(List<ResourceResult.Source> sources, boolean single) {
    return new ResourceResult(sources, continueOnError, single);
  }

  private ResourceResult byPaths() {
    if (!types.isEmpty()) {
      throw CommandException.of(
          "when paths, URLs, or stdin is provided as input, you may not specify resource arguments"
              + " as well");
    }
    if (!names.isEmpty()) {
      throw CommandException.of("name cannot be provided when a path is specified");
    }
    if (!tuples.isEmpty()) {
      throw CommandException.of(
          "resource/name arguments cannot be provided when a path is specified");
    }
    LabelSelector filter = filter();
    List<ResourceResult.Source> sources = new ArrayList<>();
    for (String path : paths) {
      for (ResourceResult.Source source : manifestFiles().sources(path)) {
        sources.add(() -> fromFile(source, filter));
      }
    }
    boolean single = singleItemImplied && !directory && paths.size() == 1 && sources.size() == 1;
    return result(sources, single);
  }

  private LabelSelector filter() {
    if (labelSelector == null) {
      return LabelSelector.everything();
    }
    try {
      return LabelSelector.parse(labelSelector);
    } catch (IllegalArgumentException e) {
      throw CommandException.of(
          "the provided selector "
              + GoQuote.quote(labelSelector)
              + " is not valid: "
              + e.getMessage());
    }
  }

  private List<ResourceInfo> fromFile(ResourceResult.Source source, LabelSelector filter) {
    List<ResourceInfo> infos = new ArrayList<>();
    for (ResourceInfo read : source.infos()) {
      ResourceInfo info = inNamespace(read);
      if (latest) {
        info =
            new ResourceInfo(
                info.type(), info.namespace(), info.name(), reader.get(info.key()), info.source());
      }
      if (filter.matches(info.required().labels())) {
        infos.add(info);
      }
    }
    return infos;
  }

  private ResourceInfo inNamespace(ResourceInfo info) {
    KubeObject object = info.required();
    if (!info.type().namespaced()) {
      KubeMap metadata = object.metadata();
      KubeObject plain =
          metadata.has("namespace") ? object.withMetadata(metadata.without("namespace")) : object;
      return new ResourceInfo(info.type(), "", info.name(), plain, info.source());
    }
    if (info.namespace().isEmpty() && (defaultNamespace || requireNamespace)) {
      KubeObject placed = object.with(namespace, "metadata", "namespace");
      return new ResourceInfo(info.type(), namespace, info.name(), placed, info.source());
    }
    if (requireNamespace && !info.namespace().equals(namespace)) {
      throw CommandException.of(
          "the namespace from the provided object "
              + GoQuote.quote(info.namespace())
              + " does not match the namespace "
              + GoQuote.quote(namespace)
              + ". You must pass '--namespace="
              + info.namespace()
              + "' to perform this operation.");
    }
    return info;
  }

  private ResourceResult bySelector() {
    if (!names.isEmpty()) {
      throw CommandException.of("name cannot be provided when a selector is specified");
    }
    if (!tuples.isEmpty()) {
      throw CommandException.of(
          "selectors and the all flag cannot be used when passing resource/name arguments");
    }
    if (types.isEmpty()) {
      throw CommandException.of("at least one resource must be specified to use a selector");
    }
    requireSingleType(types);
    String labels = labelSelector == null ? "" : labelSelector;
    String fields = fieldSelector == null ? "" : fieldSelector;
    List<ResourceResult.Source> sources = new ArrayList<>();
    for (ResourceType type : types) {
      String within = type.namespaced() && !namespace.isEmpty() ? namespace : null;
      sources.add(new ListSource(type, within, labels, fields));
    }
    return result(sources, false);
  }

  /** All objects of a type that selectors select. */
  private final class ListSource implements ResourceResult.Source {
    private final ResourceType type;
    private final @Nullable String within;
    private final String labels;
    private final String fields;

    ListSource(ResourceType type, @Nullable String within, String labels, String fields) {
      this.type = type;
      this.within = within;
      this.labels = labels;
      this.fields = fields;
    }

    @Override
    public List<ResourceInfo> infos() {
      List<ResourceInfo> infos = new ArrayList<>();
      for (KubeObject object : reader.list(type, within, labels, fields)) {
        infos.add(ResourceInfo.of(type, object));
      }
      return infos;
    }

    @Override
    public ResourceType listOf() {
      return type;
    }
  }

  private void requireSingleType(Iterable<ResourceType> all) {
    if (singleType && ImmutableList.copyOf(all).size() > 1) {
      throw CommandException.of("you may only specify a single resource type");
    }
  }

  private ResourceResult byTuples() {
    if (!types.isEmpty()) {
      throw CommandException.of(
          "you may not specify individual resources and bulk resources in the same call");
    }
    Map<String, ResourceType> byWord = new LinkedHashMap<>();
    for (Tuple tuple : tuples) {
      byWord.computeIfAbsent(tuple.resource, mapper::typeOf);
    }
    requireSingleType(new LinkedHashSet<>(byWord.values()));
    List<ResourceResult.Source> sources = new ArrayList<>();
    for (Tuple tuple : tuples) {
      ResourceType type = byWord.get(tuple.resource);
      if (type != null) {
        sources.add(named(type, tuple.name));
      }
    }
    return result(sources, singleItemImplied || tuples.size() == 1);
  }

  private ResourceResult byNames() {
    if (types.isEmpty()) {
      throw CommandException.of("you must provide a resource and a resource name together");
    }
    if (types.size() > 1) {
      throw CommandException.of("you must specify only one resource");
    }
    List<ResourceResult.Source> sources = new ArrayList<>();
    names.forEach(name -> sources.add(named(types.get(0), name)));
    return result(sources, names.size() == 1);
  }

  private ResourceResult.Source named(ResourceType type, String name) {
    if (type.namespaced() && namespace.isEmpty()) {
      throw CommandException.of(
          allNamespaces
              ? "a resource cannot be retrieved by name across all namespaces"
              : "namespace may not be empty when retrieving a resource by name");
    }
    String within = type.namespaced() ? namespace : "";
    return () -> {
      ResourceInfo unread = new ResourceInfo(type, within, name, null, "");
      return List.of(requireObject ? read(unread) : unread);
    };
  }

  /**
   * The info with its object.
   *
   * @throws ApiException 404, of the namespace when that is what is missing
   */
  private ResourceInfo read(ResourceInfo info) {
    return new ResourceInfo(info.type(), info.namespace(), info.name(), reader.get(info.key()), "");
  }
}
