package dev.wavetank.core.controller.certificates;

import dev.wavetank.core.certificates.CertificateAuthority;
import dev.wavetank.core.certificates.CertificateRequest;
import dev.wavetank.core.certificates.CertificateSigner;
import dev.wavetank.core.certificates.CertificateTemplate;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The authority of a cluster, which is made when it first signs. Its key follows from the run's
 * choices and so is no secret; who lets clients in by their certificates brings an authority.
 */
public final class ClusterSigner {

  private static final int SECRET_LONGS = 5;

  private final Simulation simulation;
  private final ChoiceStream secret;
  private final ChoiceStream serials;
  private @Nullable CertificateSigner signer;

  ClusterSigner(Simulation simulation) {
    this.simulation = simulation;
    this.secret = simulation.choices().stream("certificates/authority");
    this.serials = simulation.choices().stream("certificates/serial");
  }

  /** Has another authority sign from now on. */
  public void connect(CertificateSigner authority) {
    signer = authority;
  }

  private CertificateSigner signer() {
    CertificateSigner known = signer;
    if (known == null) {
      ByteBuffer bytes = ByteBuffer.allocate(SECRET_LONGS * Long.BYTES);
      for (int i = 0; i < SECRET_LONGS; i++) {
        bytes.putLong(secret.between(0, Long.MAX_VALUE));
      }
      Instant from = simulation.start();
      known = CertificateAuthority.of(bytes.array(), from, from.plus(CertificateAuthority.VALID));
      signer = known;
    }
    return known;
  }

  Instant notAfter() {
    return signer().notAfter();
  }

  String sign(CertificateRequest request, CertificateTemplate template) {
    return signer().sign(request, template);
  }

  BigInteger nextSerial() {
    BigInteger high = BigInteger.valueOf(serials.between(0, Long.MAX_VALUE));
    return high.shiftLeft(Long.SIZE).add(BigInteger.valueOf(serials.between(1, Long.MAX_VALUE)));
  }
}
