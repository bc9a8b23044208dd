package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What a client meant, as {@link Reference} reads it, must be what backends find in that which we
 * send them: the same number of requests with the same methods, targets and bodies. The inputs come
 * from {@link Grammar}; {@code -Ddifferential.inputs=1000000} and {@code -Ddifferential.seed=2} run
 * more or others.
 */
final class DifferentialTest {
  private static final int INPUTS = Integer.getInteger("differential.inputs", 20_000);
  private static final long SEED = Long.getLong("differential.seed", 1);
  private static final int BATCH = 10_000;
  private static final int SHOWN = 5;
  private static final Pattern ECHO = Pattern.compile("\r\nX-Target: ([^\r]*)\r\n");

  /** Known to llhttp, of those that the grammar makes. */
  private static final Set<String> METHODS =
      Set.of("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH");

  private final List<String> disagreements = new ArrayList<>();
  private int found;
  private int refused;
  private int compared;

  @Test
  void backendsReadWhatClientsMeant() throws Exception {
    boolean llhttp = OtherParsers.llhttpIsThere();
    List<String> streams = new ArrayList<>();
    List<String> meanings = new ArrayList<>();
    try (Wire wire = new Wire()) {
      for (int i = 0; i < INPUTS; i++) {
        one(wire, SEED * 1_000_000_007L + i, streams, meanings);
        if (llhttp && (streams.size() == BATCH || i == INPUTS - 1)) {
          compareLlhttp(streams, meanings);
        }
      }
    }
    assertThat(disagreements).as("%s disagreements", found).isEmpty();
    // The grammar makes enough of either kind.
    assertThat(refused).isBetween(INPUTS / 10, INPUTS * 9 / 10);
    if (llhttp) {
      assertThat(compared).isGreaterThan(INPUTS / 2);
    }
    assumeTrue(llhttp, "node is not here: only Netty's parser was asked");
  }

  private void one(Wire wire, long seed, List<String> streams, List<String> meanings) {
    Grammar grammar = new Grammar(seed);
    String input = grammar.connection();
    List<Reference.Request> requests = Reference.requests(input);
    Wire.Result result = wire.run(grammar.pieces(input), DifferentialTest::echo);
    refused += result.client().contains("Weir-Cause: ") ? 1 : 0;
    List<String> meant =
        requests.stream()
            .map(r -> r.method() + " " + r.target() + " " + OtherParsers.hex(r.body()))
            .toList();
    compare("netty", seed, input, result, meant, OtherParsers.netty(result.upstream()));
    compare("client", seed, input, result, targets(requests), echoes(result.client()));
    if (requests.stream().allMatch(r -> METHODS.contains(r.method()))
        && knownToLlhttp(rest(result.upstream()))) {
      compared++;
      streams.add(result.upstream());
      meanings.add(String.join("|", meant));
    }
  }

  /** The beginning of a request that was given up, behind the complete ones. */
  private static String rest(String stream) {
    String rest = stream;
    for (int end = RecordingBackend.end(rest); end >= 0; end = RecordingBackend.end(rest)) {
      rest = rest.substring(end);
    }
    return rest;
  }

  private static boolean knownToLlhttp(String request) {
    return request.isEmpty() || METHODS.contains(request.split(" ", 2)[0]);
  }

  static String echo(String request) {
    String target = request.split(" ", 3)[1];
    return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Target: " + target + "\r\n\r\n";
  }

  private static List<String> targets(List<Reference.Request> requests) {
    return requests.stream().map(Reference.Request::target).toList();
  }

  /** The targets of the requests that were answered, in the order of the answers. */
  private static List<String> echoes(String client) {
    Matcher echo = ECHO.matcher(client);
    List<String> echoes = new ArrayList<>();
    while (echo.find()) {
      echoes.add(echo.group(1));
    }
    return echoes;
  }

  private void compare(
      String who, long seed, String in, Wire.Result out, List<String> meant, List<String> seen) {
    if (!meant.equals(seen)) {
      disagree(
          who
              + " at seed "
              + seed
              + "\nmeant "
              + meant
              + "\nseen  "
              + seen
              + "\n-- input --\n"
              + Corpus.escape(in)
              + "\n-- to the backend --\n"
              + Corpus.escape(out.upstream())
              + "\n-- to the client --\n"
              + Corpus.escape(out.client()));
    }
  }

  private void compareLlhttp(List<String> streams, List<String> meanings) {
    List<String> answers = OtherParsers.llhttp(streams);
    assertThat(answers).hasSameSizeAs(streams);
    for (int i = 0; i < answers.size(); i++) {
      String seen = answers.get(i);
      if (!seen.equals(meanings.get(i))) {
        disagree(
            "llhttp\nmeant "
                + meanings.get(i)
                + "\nseen  "
                + seen
                + "\n-- to the backend --\n"
                + Corpus.escape(streams.get(i)));
      }
    }
    streams.clear();
    meanings.clear();
  }

  private void disagree(String text) {
    found++;
    if (disagreements.size() < SHOWN) {
      disagreements.add(text.lines().collect(Collectors.joining("\n")));
    }
  }
}
