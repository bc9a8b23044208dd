package dev.weir.core.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** ClientHellos: those of the JDK, and ones made by hand that nobody would send. */
public final class Hellos {
  private Hellos() {}

  /** What the JDK sends; {@code name} may be null. */
  public static byte[] real(String name, List<String> protocols, String... versions) {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      engine.setEnabledProtocols(versions);
      SSLParameters parameters = engine.getSSLParameters();
      if (name != null) {
        parameters.setServerNames(List.of(new SNIHostName(name)));
      }
      parameters.setApplicationProtocols(protocols.toArray(String[]::new));
      engine.setSSLParameters(parameters);
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), out);
      byte[] bytes = new byte[out.flip().remaining()];
      out.get(bytes);
      return bytes;
    } catch (NoSuchAlgorithmException | SSLException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** In one record; asks for a name and offers protocols. */
  public static byte[] of(String name, String... protocols) {
    byte[] alpn = protocols.length == 0 ? new byte[0] : extension(16, offer(protocols));
    return record(message(join(extension(0, names(name(0, name))), alpn)));
  }

  /** The message with these extensions, none of them complete by itself. */
  static byte[] message(byte[] extensions) {
    return handshake(1, body(new byte[32], new byte[] {0x13, 0x01}, new byte[] {0}, extensions));
  }

  static byte[] body(byte[] session, byte[] suites, byte[] compressions, byte[] extensions) {
    return join(
        new byte[] {3, 3},
        new byte[32],
        counted(1, session),
        counted(2, suites),
        counted(1, compressions),
        counted(2, extensions));
  }

  /** With the header of the handshake. */
  static byte[] handshake(int type, byte[] body) {
    return join(new byte[] {(byte) type}, counted(3, body));
  }

  static byte[] extension(int type, byte[] value) {
    return join(new byte[] {(byte) (type >> 8), (byte) type}, counted(2, value));
  }

  static byte[] names(byte[]... names) {
    return counted(2, join(names));
  }

  static byte[] name(int type, String name) {
    return join(new byte[] {(byte) type}, counted(2, name.getBytes(ISO_8859_1)));
  }

  static byte[] offer(String... protocols) {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (String protocol : protocols) {
      list.writeBytes(counted(1, protocol.getBytes(ISO_8859_1)));
    }
    return counted(2, list.toByteArray());
  }

  static byte[] counted(int bytes, byte[] value) {
    byte[] all = new byte[bytes + value.length];
    for (int i = 0; i < bytes; i++) {
      all[i] = (byte) (value.length >> (8 * (bytes - 1 - i)));
    }
    System.arraycopy(value, 0, all, bytes, value.length);
    return all;
  }

  static byte[] record(byte[] part) {
    return join(new byte[] {22, 3, 1}, counted(2, part));
  }

  /** A message in records of at most so many bytes. */
  public static byte[] records(byte[] message, int most) {
    return records(message, () -> most);
  }

  static byte[] records(byte[] message, SplittableRandom random) {
    return records(message, () -> random.nextInt(1, 200));
  }

  private static byte[] records(byte[] message, java.util.function.IntSupplier length) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int at = 0; at < message.length; ) {
      int part = Math.min(length.getAsInt(), message.length - at);
      byte[] piece = new byte[part];
      System.arraycopy(message, at, piece, 0, part);
      all.writeBytes(record(piece));
      at += part;
    }
    return all.toByteArray();
  }

  /** The message that is in one record. */
  public static byte[] unwrapped(byte[] record) {
    byte[] message = new byte[record.length - 5];
    System.arraycopy(record, 5, message, 0, message.length);
    return message;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
