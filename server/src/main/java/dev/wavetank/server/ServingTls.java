package dev.wavetank.server;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.net.InetAddresses;
import dev.wavetank.core.apiserver.http.Peer;
import dev.wavetank.core.certificates.CertificateAuthority;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;

/**
 * A server's side of TLS: its authority and certificate, and who a client is by the certificate
 * that it shows. As upstream, a client may show none, and one of a strange authority ends neither
 * the handshake nor a request that has a token.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/server/secure_serving.go and
 * staging/src/k8s.io/apiserver/pkg/authentication/request/x509/x509.go (v1.36).
 */
final class ServingTls {

  private static final ImmutableList<String> NAMES =
      ImmutableList.of(
          "kubernetes",
          "kubernetes.default",
          "kubernetes.default.svc",
          "kubernetes.default.svc.cluster.local",
          "localhost");

  private static final ImmutableList<InetAddress> ADDRESSES =
      ImmutableList.of(InetAddresses.forString("10.96.0.1"), InetAddresses.forString("127.0.0.1"));

  /** What a certificate for a client says; so does one that is for anything. */
  private static final ImmutableList<String> CLIENT_AUTH =
      ImmutableList.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

  private final KubeadmCertificates certificates;
  private final X509Certificate authority;
  private final SslContext context;

  /**
   * TLS with new keys.
   *
   * @param listening where clients find the server
   * @param startsAt when virtual time begins
   */
  ServingTls(InetAddress listening, Instant startsAt) {
    certificates = new KubeadmCertificates(startsAt);
    authority = certificates.authorityCertificate();
    Set<InetAddress> addresses = new LinkedHashSet<>(ADDRESSES);
    addresses.add(listening);
    KubeadmCertificates.Issued own = certificates.server(NAMES, ImmutableList.copyOf(addresses));
    try {
      context =
          SslContextBuilder.forServer(own.key(), own.certificate())
              .sslProvider(SslProvider.JDK)
              .clientAuth(ClientAuth.OPTIONAL)
              .trustManager(new AskedForCertificate(authority))
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      ApplicationProtocolNames.HTTP_1_1))
              .build();
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  /** Who signs what clients ask to be certified. */
  CertificateAuthority authority() {
    return certificates.authority();
  }

  /** What a client has who is to be known as that user in those groups. */
  ClientCredentials credentials(String user, ImmutableList<String> groups) {
    return ClientCredentials.of(authority, certificates.client(user, groups));
  }

  /** The first handler of a connection. */
  ChannelHandler handler() {
    return new Door(context);
  }

  /**
   * Who a client is whose handshake is over.
   *
   * @param now the virtual time, by which certificates expire
   */
  Peer peer(SSLSession session, Instant now) {
    X509Certificate[] chain;
    try {
      Certificate[] sent = session.getPeerCertificates();
      chain = Arrays.copyOf(sent, sent.length, X509Certificate[].class);
    } catch (SSLPeerUnverifiedException e) {
      return Peer.ANONYMOUS;
    }
    try {
      return trusted(chain, now)
          ? peer(new JcaX509CertificateHolder(chain[0]).getSubject())
          : Peer.STRANGER;
    } catch (CertificateException e) {
      return Peer.STRANGER;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private boolean trusted(X509Certificate[] chain, Instant now) throws GeneralSecurityException {
    X509CertSelector first = new X509CertSelector();
    first.setCertificate(chain[0]);
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(ImmutableSet.of(new TrustAnchor(authority, null)), first);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    parameters.addCertStore(
        CertStore.getInstance(
            "Collection", new CollectionCertStoreParameters(Arrays.asList(chain))));
    try {
      CertPathBuilder.getInstance("PKIX").build(parameters);
    } catch (CertPathBuilderException e) {
      return false;
    }
    List<String> purposes = chain[0].getExtendedKeyUsage();
    return purposes == null || !Collections.disjoint(purposes, CLIENT_AUTH);
  }

  private static Peer peer(X500Name subject) {
    String name = "";
    ImmutableList.Builder<String> groups = ImmutableList.builder();
    for (RDN part : subject.getRDNs()) {
      for (AttributeTypeAndValue value : part.getTypesAndValues()) {
        if (value.getType().equals(BCStyle.CN)) {
          name = value.getValue().toString();
        } else if (value.getType().equals(BCStyle.O)) {
          groups.add(value.getValue().toString());
        }
      }
    }
    return name.isEmpty() ? Peer.ANONYMOUS : Peer.certified(name, groups.build());
  }

  /** Begins TLS, and tells those who do not what is wrong. */
  private static final class Door extends OptionalSslHandler {

    private static final byte[] NO_TLS =
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
            .getBytes(StandardCharsets.US_ASCII);

    Door(SslContext context) {
      super(context);
    }

    @Override
    protected ChannelHandler newNonSslHandler(ChannelHandlerContext context) {
      return new ChannelInboundHandlerAdapter() {
        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The connection is closed either way.
        public void channelRead(ChannelHandlerContext plain, Object message) {
          ReferenceCountUtil.release(message);
          plain
              .writeAndFlush(Unpooled.wrappedBuffer(NO_TLS))
              .addListener(ChannelFutureListener.CLOSE);
        }
      };
    }
  }
}
