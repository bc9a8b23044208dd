package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Whatever a backend sends, the client is sent HTTP that another parser understands: one whole
 * answer, or a part of one and the end of the connection; and the next request on it gets its own
 * answer, not bytes that the first one has left behind. {@code -Ddifferential.inputs} and {@code
 * -Ddifferential.seed} as in {@link DifferentialTest}.
 */
final class ResponseDifferentialTest {
  private static final int INPUTS = Integer.getInteger("differential.inputs", 5_000);
  private static final long SEED = Long.getLong("differential.seed", 1);
  private static final String[] METHODS = {"GET", "GET", "GET", "HEAD", "POST"};

  /** What a client's parser has found. */
  private record Found(List<String> finals, boolean complete, String error) {}

  private int refused;
  private int kept;
  private int brokenOff;

  @Test
  void clientsReadOneAnswerToEachRequestWhateverTheBackendSends() throws Exception {
    try (Wire wire = new Wire()) {
      for (int i = 0; i < INPUTS; i++) {
        one(wire, SEED * 1_000_000_007L + i);
      }
    }
    // Enough of each.
    assertThat(refused).isGreaterThan(INPUTS / 20);
    assertThat(kept).isGreaterThan(INPUTS / 4);
    assertThat(brokenOff).isGreaterThan(INPUTS / 100);
  }

  private void one(Wire wire, long seed) {
    String response = new ResponseGrammar(seed).response();
    String method = METHODS[new SplittableRandom(seed).nextInt(METHODS.length)];
    String first = method + " /1 HTTP/1.1\r\nHost: a\r\n\r\n";
    String second = "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
    Wire.Result result =
        wire.run(
            List.of(first, second),
            request ->
                request.contains(" /1 HTTP/1.1\r\n") ? response : DifferentialTest.echo(request));
    Found found = read(result.client(), method.equals("HEAD"));
    Supplier<String> story =
        () ->
            "seed "
                + seed
                + "\n-- "
                + method
                + " answered by --\n"
                + Corpus.escape(response)
                + "\n-- to the client --\n"
                + Corpus.escape(result.client())
                + "\n"
                + found;
    assertThat(found.error()).as(story).isNull();
    if (found.finals().size() == 2) {
      kept++;
      assertThat(result.clientOpen() && found.complete()).as(story).isTrue();
      assertThat(found.finals().get(1)).as(story).isEqualTo("200 /2");
    } else if (result.clientOpen()) {
      // The backend has not finished, and may yet.
      assertThat(found.finals().isEmpty() || !found.complete()).as(story).isTrue();
    } else {
      assertThat(found.finals()).as(story).hasSizeLessThanOrEqualTo(1);
      brokenOff += found.complete() ? 0 : 1;
    }
    refused += result.client().contains("Weir-Cause: backend_") ? 1 : 0;
  }

  /** The final responses, by Netty's decoder. */
  private static Found read(String stream, boolean firstToHead) {
    List<String> finals = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new HttpResponseDecoder(100_000, 200_000, 100_000) {
              @Override
              protected boolean isContentAlwaysEmpty(HttpMessage message) {
                boolean head = firstToHead && finalsBegun == 0;
                finalsBegun += ((HttpResponse) message).status().code() < 200 ? 0 : 1;
                return head || super.isContentAlwaysEmpty(message);
              }

              private int finalsBegun;
            });
    channel.writeInbound(Unpooled.wrappedBuffer(Chars.bytes(stream)));
    boolean complete = true;
    boolean interim = false;
    String error = null;
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      if (((HttpObject) next).decoderResult().isFailure()) {
        error = String.valueOf(((HttpObject) next).decoderResult().cause());
      }
      if (next instanceof HttpResponse response) {
        interim = response.status().code() < 200;
        complete = false;
        if (!interim) {
          finals.add(response.status().code() + " " + response.headers().get("X-Target", "-"));
        }
      }
      if (next instanceof LastHttpContent) {
        complete = !interim;
      }
      ReferenceCountUtil.release(next);
    }
    channel.close();
    return new Found(finals, complete, error);
  }
}
