package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The corpus itself: large enough, without doubles, and told truly in the documentation. */
final class ConformanceTest {
  private static final Path COMMITTED = Path.of("../docs/http-conformance.md");
  private static final Path REPORT = Path.of("target/http-conformance.md");
  private static final List<String> REFUSALS = List.of("reject", "abort", "answer");

  private final List<Corpus.Case> requests = Corpus.load("requests");
  private final List<Corpus.Case> responses = Corpus.load("responses");
  private final Map<String, String[]> rules = Corpus.rules();

  private List<Corpus.Case> all() {
    List<Corpus.Case> all = new ArrayList<>(requests);
    all.addAll(responses);
    return all;
  }

  @Test
  void thereAreEnoughCasesOfEveryRule() {
    assertThat(requests).hasSizeGreaterThanOrEqualTo(300);
    assertThat(responses).hasSizeGreaterThanOrEqualTo(100);
    Map<String, Integer> counts = new HashMap<>();
    all().forEach(c -> c.rules().forEach(rule -> counts.merge(rule, 1, Integer::sum)));
    assertThat(counts.keySet()).isEqualTo(rules.keySet());
    counts.forEach((rule, count) -> assertThat(count).as(rule).isGreaterThanOrEqualTo(3));
  }

  @Test
  void noTwoCasesAreTheSame() {
    Set<String> ids = new HashSet<>();
    Set<String> contents = new HashSet<>();
    for (Corpus.Case c : all()) {
      assertThat(ids.add(c.id())).as(c.id()).isTrue();
      String content = c.file() + c.bytes() + c.key("listener") + c.key("backend");
      assertThat(contents.add(content)).as("%s is there twice", c).isTrue();
    }
  }

  @Test
  void everyCaseSaysWhatIsExpected() {
    for (Corpus.Case c : requests) {
      boolean refused = REFUSALS.contains(c.verdict());
      assertThat(c.has('>')).as(c.id()).isTrue();
      assertThat(c.has('<')).as(c.id()).isEqualTo(!refused);
      assertThat(c.statuses()).as(c.id()).isNotEmpty();
      if (!refused) {
        assertThat(c.verdict()).as(c.id()).isIn("forward", "normalise");
      }
    }
    for (Corpus.Case c : responses) {
      assertThat(c.has('<') || c.verdict().equals("reject")).as(c.id()).isTrue();
      assertThat(c.verdict()).as(c.id()).isIn("reject", "forward", "normalise", "truncate");
      assertThat(c.has('=')).as(c.id()).isEqualTo(!c.verdict().equals("reject"));
      assertThat(c.key("after")).as(c.id()).isIn("keep", "close", "reset");
      assertThat(c.key("upstream")).as(c.id()).isIn("reused", "closed");
    }
  }

  @Test
  void theTableInTheDocumentationIsTheOneOfTheCorpus() throws IOException {
    String report = report();
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, report);
    assertThat(Files.exists(COMMITTED) ? Files.readString(COMMITTED) : "")
        .as("copy lb-http/%s over docs/http-conformance.md", REPORT)
        .isEqualTo(report);
  }

  private String report() {
    StringBuilder text = new StringBuilder();
    text.append("# HTTP/1.1: what is refused, what is passed on\n\n");
    text.append("The corpus in `lb-http/src/test/resources/corpus` holds ");
    text.append(requests.size()).append(" raw requests and ");
    text.append(responses.size()).append(" raw responses. ");
    text.append(
        "Each is sent through a running proxy in every test run: what must be refused is\n");
    text.append("answered 4xx or 5xx, its connection ends, and no byte of it, or behind it, gets");
    text.append(" to the other side as a message;\nwhat is passed on is read back byte for byte.");
    text.append(" A case may show several rules. This page is written by `ConformanceTest`.\n\n");
    text.append("Beside the corpus, `DifferentialTest` makes up connections after the grammar of");
    text.append(
        " RFC 9112 with odd things in any place,\nand holds what Netty's and node's parsers");
    text.append(" find in our output against what a plain reference parser finds in the\ninput");
    text.append(" (`-Dtest=DifferentialTest -Ddifferential.inputs=1000000`");
    text.append(
        " for more of them, `-Ddifferential.seed=2`\nfor others). `ParserFuzzTest` replays");
    text.append(" Jazzer's inputs; with `JAZZER_FUZZ=1` in the environment,\n");
    text.append("`-Djazzer.hooks=true` and `-Dtest=ParserFuzzTest#connection` Jazzer looks for");
    text.append(" more.\n\n");
    text.append("| rule | what the proxy does | source | requests refused | requests passed on");
    text.append(" | responses refused or broken off | responses passed on |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    rules.forEach(
        (id, rule) -> {
          text.append("| ").append(id).append(" | ").append(rule[1]).append(" | ").append(rule[2]);
          text.append(" | ").append(count(requests, id, true));
          text.append(" | ").append(count(requests, id, false));
          text.append(" | ").append(count(responses, id, true));
          text.append(" | ").append(count(responses, id, false)).append(" |\n");
        });
    return text.toString();
  }

  private static String count(List<Corpus.Case> cases, String rule, boolean refused) {
    long count =
        cases.stream()
            .filter(c -> c.rules().contains(rule))
            .filter(c -> isRefused(c) == refused)
            .count();
    return count == 0 ? "" : String.valueOf(count);
  }

  private static boolean isRefused(Corpus.Case c) {
    return REFUSALS.contains(c.verdict()) || c.verdict().equals("truncate");
  }
}
