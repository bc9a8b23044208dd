package dev.weir.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What parsers that are not ours see in a stream of requests: Netty's, and node's llhttp. */
final class OtherParsers {
  private static final String SCRIPT = "src/test/resources/differential/llhttp.js";

  private OtherParsers() {}

  /** The complete requests that Netty's decoder finds; with an error at the end if it finds one. */
  static List<String> netty(String stream) {
    HttpDecoderConfig config =
        new HttpDecoderConfig().setMaxInitialLineLength(100_000).setMaxHeaderSize(200_000);
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(config));
    channel.writeInbound(Unpooled.wrappedBuffer(Chars.bytes(stream)));
    List<String> found = new ArrayList<>();
    String line = "";
    StringBuilder body = new StringBuilder();
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      if (((HttpObject) next).decoderResult().isFailure()) {
        found.add("error " + ((HttpObject) next).decoderResult().cause());
      }
      if (next instanceof HttpRequest request) {
        line = request.method().name() + " " + request.uri();
        body.setLength(0);
      }
      if (next instanceof HttpContent content) {
        body.append(content.content().toString(StandardCharsets.ISO_8859_1));
        content.release();
      }
      if (next instanceof LastHttpContent) {
        found.add(line + " " + hex(body.toString()));
      }
    }
    channel.close();
    return found;
  }

  static String hex(String bytes) {
    StringBuilder hex = new StringBuilder(bytes.length() * 2);
    for (int i = 0; i < bytes.length(); i++) {
      hex.append(Character.forDigit(bytes.charAt(i) >> 4, 16));
      hex.append(Character.forDigit(bytes.charAt(i) & 15, 16));
    }
    return hex.toString();
  }

  /** Whether node is there and knows its parser by the name that the script uses. */
  static boolean llhttpIsThere() {
    try {
      return llhttp(List.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).equals(List.of("GET / "));
    } catch (UncheckedIOException | IllegalStateException missing) {
      return false;
    }
  }

  /** For each stream the complete requests that llhttp finds, joined by bars. */
  static List<String> llhttp(List<String> streams) {
    try {
      Process node =
          new ProcessBuilder("node", "--no-deprecation", Path.of(SCRIPT).toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      Thread writer = new Thread(() -> feed(node, streams), "llhttp-feed");
      writer.start();
      String answer = new String(node.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      writer.join();
      if (node.waitFor() != 0 || !answer.endsWith("\n")) {
        throw new IllegalStateException("node ended with " + node.exitValue());
      }
      return List.of(answer.substring(0, answer.length() - 1).split("\n", -1));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static void feed(Process node, List<String> streams) {
    try (DataOutputStream out =
        new DataOutputStream(new java.io.BufferedOutputStream(node.getOutputStream()))) {
      for (String stream : streams) {
        byte[] bytes = Chars.bytes(stream);
        out.writeInt(bytes.length);
        out.write(bytes);
      }
    } catch (IOException ended) {
      // The answer will be too short, and that is reported.
    }
  }
}
