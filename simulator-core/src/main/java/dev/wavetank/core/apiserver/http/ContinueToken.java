package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a list goes on that was given out in part.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/storage/continue.go (v1.36).
 *
 * @param revision of the first page; -1 for the newest one
 * @param start the first key that is left, such as {@code default/web}; it may end in NUL
 */
record ContinueToken(long revision, String start) {

  private static final String VERSION = "meta.k8s.io/v1";

  /** The place behind an object. */
  static ContinueToken after(KubeObject last, long revision) {
    return new ContinueToken(revision, key(last) + "\0");
  }

  /** The key by which lists are ordered. */
  static String key(KubeObject object) {
    String namespace = object.namespace();
    return namespace.isEmpty() ? object.name() : namespace + "/" + object.name();
  }

  /**
   * The token of a text.
   *
   * @param namespace of the list; keys below a namespace may be given without it; empty for all
   * @throws ApiException 400 when it is none
   */
  static ContinueToken parse(String text, String namespace) {
    KubeMap token;
    try {
      byte[] json = Base64.getUrlDecoder().decode(text);
      Object read = Json.read(new String(json, StandardCharsets.UTF_8));
      token = read instanceof KubeMap map ? map : KubeMap.EMPTY;
    } catch (IllegalArgumentException e) {
      throw invalid("continue key is not valid: " + e.getMessage());
    }
    String start = token.string("start", "");
    long revision = token.number("rv", 0);
    if (!token.string("v", "").equals(VERSION)) {
      throw invalid(
          "continue key is not valid: server does not recognize this encoded version "
              + token.string("v", ""));
    }
    if (revision == 0) {
      throw invalid(
          "continue key is not valid: incorrect encoded start resourceVersion (version"
              + " meta.k8s.io/v1)");
    }
    if (start.isEmpty()) {
      throw invalid("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
    }
    String bare = start.startsWith("/") ? start.substring(1) : start;
    if (bare.contains("..") || bare.contains("//")) {
      throw invalid("continue key is not valid: " + start);
    }
    return new ContinueToken(revision, namespace.isEmpty() ? bare : namespace + "/" + bare);
  }

  private static ApiException invalid(String message) {
    return new ApiException(Status.badRequest("invalid continue token: " + message));
  }

  /** The text of this token in a list of that namespace; empty for all. */
  String text(String namespace) {
    String bare = namespace.isEmpty() ? start : start.substring(namespace.length() + 1);
    KubeMap token = KubeMap.of("v", VERSION, "rv", revision, "start", "/" + bare);
    byte[] json = Json.write(token).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
  }
}
