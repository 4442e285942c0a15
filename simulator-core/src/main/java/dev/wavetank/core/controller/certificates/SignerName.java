package dev.wavetank.core.controller.certificates;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Ordering;
import dev.wavetank.core.certificates.CertificateRequest;
import java.util.List;

/**
 * The signers that a cluster has of its own, and which requests each accepts.
 *
 * <p>Follows pkg/controller/certificates/signer/signer.go and pkg/apis/certificates/helpers.go
 * (v1.36).
 */
enum SignerName {
  KUBELET_SERVING("kubelet-serving") {
    @Override
    String refusal(CertificateRequest request, List<String> usages) {
      if (!request.organizations().equals(NODES)) {
        return NOT_NODES;
      }
      if (!request.hasDnsNames() && !request.hasIpAddresses()) {
        return "DNS or IP subjectAltName is required";
      }
      if (request.hasEmailAddresses()) {
        return "Email subjectAltNames are not allowed";
      }
      if (request.hasUris()) {
        return "URI subjectAltNames are not allowed";
      }
      String wrong = wrongUsages(usages, "server auth");
      return wrong.isEmpty() ? wrongName(request) : wrong;
    }
  },

  KUBE_APISERVER_CLIENT_KUBELET("kube-apiserver-client-kubelet") {
    @Override
    String refusal(CertificateRequest request, List<String> usages) {
      if (!request.organizations().equals(NODES)) {
        return NOT_NODES;
      }
      if (request.hasDnsNames()) {
        return "DNS subjectAltNames are not allowed";
      }
      if (request.hasEmailAddresses()) {
        return "Email subjectAltNames are not allowed";
      }
      if (request.hasIpAddresses()) {
        return "IP subjectAltNames are not allowed";
      }
      if (request.hasUris()) {
        return "URI subjectAltNames are not allowed";
      }
      String wrong = wrongName(request);
      return wrong.isEmpty() ? wrongUsages(usages, CLIENT_AUTH) : wrong;
    }
  },

  KUBE_APISERVER_CLIENT("kube-apiserver-client") {
    @Override
    String refusal(CertificateRequest request, List<String> usages) {
      for (String usage : usages) {
        if (!usage.equals(CLIENT_AUTH) && !OPTIONAL.contains(usage)) {
          return "invalid usage for client certificate: " + usage;
        }
      }
      return usages.contains(CLIENT_AUTH)
          ? ""
          : "missing required usage for client certificate: " + CLIENT_AUTH;
    }
  },

  LEGACY_UNKNOWN("legacy-unknown") {
    @Override
    String refusal(CertificateRequest request, List<String> usages) {
      return "";
    }
  };

  private static final ImmutableList<String> NODES = ImmutableList.of("system:nodes");
  private static final String NOT_NODES = "subject organization is not system:nodes";
  private static final String CLIENT_AUTH = "client auth";
  private static final String SIGNATURE = "digital signature";
  private static final String ENCIPHERMENT = "key encipherment";
  private static final ImmutableList<String> OPTIONAL = ImmutableList.of(SIGNATURE, ENCIPHERMENT);

  private final String word;

  SignerName(String word) {
    this.word = word;
  }

  /** As a request's spec names it. */
  String text() {
    return "kubernetes.io/" + word;
  }

  /** As the controller of the signer is called. */
  String controller() {
    return "csrsigning-" + word.replace("kube-apiserver-client-kubelet", "kubelet-client");
  }

  /**
   * Why the signer does not sign that; empty when it does.
   *
   * @param usages of the request, each once
   */
  abstract String refusal(CertificateRequest request, List<String> usages);

  private static String wrongUsages(List<String> usages, String auth) {
    List<String> given = Ordering.natural().sortedCopy(usages);
    List<String> required =
        Ordering.natural().sortedCopy(ImmutableList.of(SIGNATURE, ENCIPHERMENT, auth));
    List<String> withoutRsa = Ordering.natural().sortedCopy(ImmutableList.of(SIGNATURE, auth));
    return given.equals(required) || given.equals(withoutRsa)
        ? ""
        : "usages did not match [" + String.join(" ", required) + "]";
  }

  private static String wrongName(CertificateRequest request) {
    return request.commonName().startsWith("system:node:")
        ? ""
        : "subject common name does not begin with system:node:";
  }
}
