package io.millrace.gateway.http;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate with its private key, both in PEM.
 *
 * @param chainPem the certificate, and perhaps those that vouch for it
 * @param keyPem its private key, PKCS 8, without a password
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Certificate(byte[] chainPem, byte[] keyPem) {

  private static final String CHAIN_FILE = "certificate.pem";
  private static final String KEY_FILE = "key.pem";
  private static final Duration LIFE = Duration.ofDays(3650);
  private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

  /** The certificate of these files. */
  public static Certificate read(Path chain, Path key) {
    try {
      return new Certificate(Files.readAllBytes(chain), Files.readAllBytes(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The self-signed certificate kept in a directory, made if there is none. */
  public static Certificate keptIn(Path directory) {
    Path chain = directory.resolve(CHAIN_FILE);
    Path key = directory.resolve(KEY_FILE);
    if (!Files.exists(chain)) {
      Certificate made = selfSigned();
      try {
        Files.createDirectories(directory);
        store(key, made.keyPem);
        store(chain, made.chainPem);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return read(chain, key);
  }

  /** A new certificate of this machine, signed by itself. */
  public static Certificate selfSigned() {
    try {
      SecureRandom random = new SecureRandom();
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair keys = generator.generateKeyPair();
      X500Name self = new X500Name("CN=localhost, O=Millrace");
      Instant now = Instant.now();
      byte[] certificate =
          new JcaX509v3CertificateBuilder(
                  self,
                  new BigInteger(159, random),
                  Date.from(now.minus(CLOCKS_DIFFER)),
                  Date.from(now.plus(LIFE)),
                  self,
                  keys.getPublic())
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
              .addExtension(
                  Extension.subjectAlternativeName,
                  false,
                  new GeneralNames(
                      new GeneralName[] {
                        new GeneralName(GeneralName.dNSName, "localhost"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                        new GeneralName(GeneralName.iPAddress, "::1")
                      }))
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
              .getEncoded();
      return new Certificate(
          pem("CERTIFICATE", certificate), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("no certificate could be made", e);
    }
  }

  private static byte[] pem(String type, byte[] content) {
    StringWriter text = new StringWriter();
    text.append("-----BEGIN ").append(type).append("-----\n");
    text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
    text.append("\n-----END ").append(type).append("-----\n");
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Whole or not at all, and for nobody else to read. */
  private static void store(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.write(draft, content);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
