package dev.weir.core.observe.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Sends each line as one datagram (RFC 5424 over UDP, RFC 5426): facility local0, severity
 * informational. A line longer than 8 KiB is cut.
 */
final class SyslogTarget implements LogTarget {
  private static final int MAX_DATAGRAM = 8 * 1024;
  private static final int PRIORITY = 16 * 8 + 6;

  private final DatagramChannel channel;
  private final InetSocketAddress to;
  private final LongSupplier epochMillis;
  private final String host;
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

  SyslogTarget(InetSocketAddress to, String host, LongSupplier epochMillis) throws IOException {
    this.to = to;
    this.host = host.isEmpty() ? "-" : host;
    this.epochMillis = epochMillis;
    channel = DatagramChannel.open();
    channel.configureBlocking(false);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    int start = from;
    for (int i = from; i < from + length; i++) {
      if (bytes[i] == '\n') {
        rest.write(bytes, start, i - start);
        send();
        start = i + 1;
      }
    }
    rest.write(bytes, start, from + length - start);
  }

  private void send() throws IOException {
    String head =
        "<"
            + PRIORITY
            + ">1 "
            + Instant.ofEpochMilli(epochMillis.getAsLong())
            + " "
            + host
            + " weir - access - ";
    ByteBuffer datagram = ByteBuffer.allocate(MAX_DATAGRAM);
    datagram.put(head.getBytes(StandardCharsets.US_ASCII));
    datagram.put(rest.toByteArray(), 0, Math.min(rest.size(), datagram.remaining()));
    rest.reset();
    datagram.flip();
    channel.send(datagram, to);
  }

  @Override
  public void flush() {}

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
