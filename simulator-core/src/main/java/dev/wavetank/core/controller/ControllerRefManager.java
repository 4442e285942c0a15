package dev.wavetank.core.controller;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.informer.ApiClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Claims objects for one controller during one sync: adopts orphans that its selector selects and
 * releases what it owns and no longer selects. Before the first adoption it reads its owner anew
 * from the server, which must still be the same and not be in deletion.
 *
 * <p>Follows pkg/controller/controller_ref_manager.go (v1.36).
 */
public final class ControllerRefManager {

  private static final int INVALID = 422;

  private final ApiClient client;
  private final ResourceType ownerType;
  private final KubeObject owner;
  private final LabelSelector selector;
  private boolean checked;
  private @Nullable String cannotAdopt;

  public ControllerRefManager(
      ApiClient client, ResourceType ownerType, KubeObject owner, LabelSelector selector) {
    this.client = client;
    this.ownerType = ownerType;
    this.owner = owner;
    this.selector = selector;
  }

  /** The owner reference that a controller sets on what it owns. */
  public static KubeMap controllerRef(ResourceType type, KubeObject owner) {
    return KubeMap.of(
        "apiVersion", type.apiVersion(),
        "kind", type.kind(),
        "name", owner.name(),
        "uid", owner.uid(),
        "controller", true,
        "blockOwnerDeletion", true);
  }

  /**
   * The objects that belong to the owner after adoptions and releases.
   *
   * @throws ApiException the first refusal, after all objects were tried
   */
  public List<KubeObject> claim(ResourceType type, List<KubeObject> objects) {
    List<KubeObject> claimed = new ArrayList<>(objects.size());
    ApiException refused = null;
    for (KubeObject object : objects) {
      try {
        if (claim(type, object)) {
          claimed.add(object);
        }
      } catch (ApiException e) {
        refused = refused == null ? e : refused;
      }
    }
    if (refused != null) {
      throw refused;
    }
    return claimed;
  }

  private boolean claim(ResourceType type, KubeObject object) {
    KubeMap controller = object.controllerRef();
    if (controller != null) {
      if (!owner.uid().equals(controller.get("uid"))) {
        return false;
      }
      if (selector.matches(object.labels())) {
        return true;
      }
      if (!owner.terminating()) {
        release(type, object);
      }
      return false;
    }
    if (owner.terminating()
        || object.terminating()
        || !owner.namespace().equals(object.namespace())
        || !selector.matches(object.labels())) {
      return false;
    }
    return adopt(type, object);
  }

  private boolean adopt(ResourceType type, KubeObject object) {
    String why = whyNotAdopt();
    if (why != null) {
      throw new ApiException(
          Status.internalError(
              "can't adopt "
                  + type.kind()
                  + " "
                  + object.namespace()
                  + "/"
                  + object.name()
                  + " ("
                  + object.uid()
                  + "): "
                  + why));
    }
    KubeMap reference = controllerRef(ownerType, owner);
    try {
      client.patch(object.key(type), found -> adopted(found, object.uid(), reference));
    } catch (ApiException e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
    return true;
  }

  private void release(ResourceType type, KubeObject object) {
    try {
      client.patch(object.key(type), found -> released(found, object.uid()));
    } catch (ApiException e) {
      if (!e.notFound() && e.code() != INVALID) {
        throw e;
      }
    }
  }

  private static KubeObject adopted(KubeObject found, String uid, KubeMap reference) {
    KubeList references = found.ownerReferences();
    String ownerUid = reference.string("uid", "");
    int known = -1;
    for (int i = 0; i < references.size(); i++) {
      known = ownerUid.equals(references.map(i).get("uid")) ? i : known;
    }
    references = known < 0 ? references.plus(reference) : references.with(known, reference);
    return found.withMetadata(
        found.metadata().with("uid", uid).with("ownerReferences", references));
  }

  private KubeObject released(KubeObject found, String uid) {
    KubeList references = KubeList.EMPTY;
    for (KubeMap reference : found.ownerReferences().maps()) {
      if (!owner.uid().equals(reference.get("uid"))) {
        references = references.plus(reference);
      }
    }
    return found.withMetadata(
        found
            .metadata()
            .with("uid", uid)
            .with("ownerReferences", references.isEmpty() ? null : references));
  }

  private @Nullable String whyNotAdopt() {
    if (!checked) {
      checked = true;
      cannotAdopt = recheck();
    }
    return cannotAdopt;
  }

  private @Nullable String recheck() {
    KubeObject live = client.find(owner.key(ownerType));
    String name = owner.namespace() + "/" + owner.name();
    if (live == null) {
      return "can't recheck DeletionTimestamp: "
          + Status.notFound(ownerType, owner.name()).message();
    }
    if (!live.uid().equals(owner.uid())) {
      return "can't recheck DeletionTimestamp: original "
          + ownerType.kind()
          + " "
          + name
          + " is gone: got uid "
          + live.uid()
          + ", wanted "
          + owner.uid();
    }
    return live.terminating()
        ? name + " has just been deleted at " + live.deletionTimestamp()
        : null;
  }
}
