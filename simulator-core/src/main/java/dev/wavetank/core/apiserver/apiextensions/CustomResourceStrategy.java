package dev.wavetank.core.apiserver.apiextensions;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.apiextensions.cel.ValidationRules;
import dev.wavetank.core.apiserver.apiextensions.schema.ListTypes;
import dev.wavetank.core.apiserver.apiextensions.schema.Pruning;
import dev.wavetank.core.apiserver.apiextensions.schema.SchemaDefaults;
import dev.wavetank.core.apiserver.apiextensions.schema.SchemaValidation;
import dev.wavetank.core.apiserver.apiextensions.schema.StructuralSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one version of a custom resource: pruned, defaulted and validated by its schema.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/strategy.go,
 * status_strategy.go and validator.go (v1.36).
 */
final class CustomResourceStrategy implements ResourceStrategy {

  private final ResourceType type;
  private final StructuralSchema schema;
  private final SchemaValidation validation;
  private final ValidationRules rules;
  private final boolean status;
  private final CustomResource.@Nullable ScalePaths scale;
  private final BooleanSupplier terminating;

  /**
   * A strategy.
   *
   * @param status whether the version has a status subresource
   * @param terminating whether the definition is being deleted
   */
  CustomResourceStrategy(
      ResourceType type, StructuralSchema schema, boolean status, BooleanSupplier terminating) {
    this.type = type;
    this.schema = schema;
    this.validation = new SchemaValidation(schema);
    this.rules = ValidationRules.of(schema);
    this.status = status;
    CustomResource custom = type.custom();
    this.scale = custom == null ? null : custom.scale();
    this.terminating = terminating;
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    return completed(object, schema);
  }

  /** An object without the fields that its schema does not know, and with its defaults. */
  static KubeObject completed(KubeObject object, StructuralSchema schema) {
    KubeMap root = SchemaDefaults.fill(Pruning.prune(object.root(), schema), schema);
    return root == object.root() ? object : KubeObject.of(root);
  }

  @Override
  public List<String> unknownFields(KubeObject object) {
    List<String> messages = new ArrayList<>();
    for (String field : Pruning.unknownFields(object.root(), schema)) {
      messages.add("unknown field \"" + field + "\"");
    }
    return messages;
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    if (terminating.getAsBoolean()) {
      throw new ApiException(
          Status.forbidden(
              type,
              object.name(),
              "create not allowed while custom resource definition is terminating"));
    }
    return status ? object.withStatus(null) : object;
  }

  @Override
  public boolean statusSubresource() {
    return status;
  }

  @Override
  public boolean generation() {
    return true;
  }

  @Override
  public boolean raisesGeneration(KubeObject next, KubeObject old) {
    KubeMap after = next.root().without("metadata");
    KubeMap before = old.root().without("metadata");
    return status
        ? !after.without("status").equals(before.without("status"))
        : !after.equals(before);
  }

  @Override
  public boolean unconditionalUpdate() {
    return false;
  }

  /** A write to the status changes no metadata at all. */
  @Override
  public KubeMap statusMetadata(KubeMap next, KubeMap old) {
    return old;
  }

  @Override
  public KubeObject prepareForStatusUpdate(KubeObject next, KubeObject old) {
    return completed(next, schema);
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    validate(object, null, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validate(next, old, errors);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validate(next, old, errors);
  }

  private void validate(KubeObject object, @Nullable KubeObject old, FieldErrors errors) {
    KubeMap root = object.root();
    KubeMap before = old == null ? null : old.root();
    validation.validate(root, before, errors);
    scale(object, errors);
    ListTypes.validate(root, schema, errors);
    rules.validate(root, before, errors);
  }

  private void scale(KubeObject object, FieldErrors errors) {
    if (scale != null) {
      nonNegative(object, scale.specReplicas(), errors);
      nonNegative(object, scale.statusReplicas(), errors);
    }
  }

  private static void nonNegative(KubeObject object, String path, FieldErrors errors) {
    Object value = object.at(path.substring(1).split("\\.", -1));
    if (value instanceof Long replicas && replicas < 0) {
      errors.invalid(path, replicas, "should be a non-negative integer");
    } else if (value instanceof Long replicas && replicas > Integer.MAX_VALUE) {
      errors.invalid(path, replicas, "should be less than or equal to " + Integer.MAX_VALUE);
    }
  }
}
