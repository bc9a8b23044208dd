package dev.weir.bench.run;

import dev.weir.bench.stats.PairRatios;
import dev.weir.bench.stats.Quartiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The table of one scenario: from raw rounds to medians and ratios of pairs. */
final class ScenarioReport {
  private final Scenario scenario;
  private final List<Round> rounds;

  ScenarioReport(Scenario scenario, List<Round> rounds) {
    this.scenario = scenario;
    this.rounds = rounds;
  }

  String markdown(Environment environment, String how) {
    return "# " + tables() + "\n" + how + "\n\n## Environment\n\n" + environment.markdown();
  }

  /** The title and what was measured. */
  String tables() {
    StringBuilder text = new StringBuilder();
    text.append(scenario.id()).append(": ").append(scenario.title()).append("\n\n").append(costs());
    if (scenario.latency()) {
      text.append('\n').append(latencies());
    }
    return text.append('\n').append(quality()).toString();
  }

  private List<String> targets() {
    return rounds.stream().map(Round::target).distinct().toList();
  }

  private List<Round> valid(String target) {
    return rounds.stream().filter(round -> round.target().equals(target) && round.valid()).toList();
  }

  private Map<Integer, Double> byRound(String target, ToDoubleFunction<Round> value) {
    Map<Integer, Double> values = new LinkedHashMap<>();
    valid(target).forEach(round -> values.put(round.number(), value.applyAsDouble(round)));
    return values;
  }

  private static Quartiles quartiles(Map<Integer, Double> values) {
    return Quartiles.of(values.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private String costs() {
    List<String> references = targets().stream().filter(this::isReference).toList();
    StringBuilder text = new StringBuilder("| target | " + scenario.unit().text + " |");
    references.forEach(name -> text.append(" x ").append(name).append(" |"));
    text.append(" least | user | busy | per second | rounds |\n|---|---|");
    references.forEach(name -> text.append("---|"));
    text.append("---|---|---|---|---|\n");
    for (String target : targets()) {
      if (!target.equals("direct")) {
        text.append(costRow(target, references));
      }
    }
    return text.toString();
  }

  /** The peers; Weir itself only beside variants of it. */
  private boolean isReference(String target) {
    return target.equals("weir")
        ? targets().stream().anyMatch(other -> other.startsWith("weir-"))
        : !target.equals("direct") && !target.startsWith("weir-");
  }

  private String costRow(String target, List<String> references) {
    double unit = scenario.unit().nanos;
    int decimals = unit == 1 ? 3 : 2;
    Map<Integer, Double> costs = byRound(target, round -> round.cost() / unit);
    Quartiles cost = quartiles(costs);
    StringBuilder row = new StringBuilder("| " + target + " | " + cost.text(decimals) + " |");
    for (String reference : references) {
      Map<Integer, Double> others = byRound(reference, round -> round.cost() / unit);
      String ratio = target.equals(reference) ? "1" : PairRatios.of(costs, others).text(2);
      row.append(' ').append(ratio).append(" |");
    }
    long all = rounds.stream().filter(round -> round.target().equals(target)).count();
    row.append(
        String.format(
            Locale.ROOT,
            " %." + decimals + "f | %.0f%% | %.0f%% | %s | %d of %d |%n",
            cost.least(),
            100 * quartiles(byRound(target, round -> round.use().userShare())).median(),
            100 * quartiles(byRound(target, Round::busy)).median(),
            rate(quartiles(byRound(target, Round::rate)).median()),
            costs.size(),
            all));
    return row.toString();
  }

  private static String rate(double perSecond) {
    if (Double.isNaN(perSecond)) {
      return "-";
    }
    return perSecond >= 1e8
        ? String.format(Locale.ROOT, "%.2f GB", perSecond / 1e9)
        : String.format(Locale.ROOT, "%,.0f", perSecond);
  }

  /** Latency added by each proxy: that through it less that of the backend alone, by round. */
  private String latencies() {
    StringBuilder text = new StringBuilder();
    text.append(
        "| target | p50 us | p99 us | p99.9 us | added p50 | x haproxy | added p99 | x haproxy |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    for (String target : targets()) {
      text.append("| ").append(target).append(" |");
      for (String name : List.of("p50", "p99", "p999")) {
        text.append(' ')
            .append(quartiles(byRound(target, r -> r.value(name))).text(0))
            .append(" |");
      }
      for (String name : List.of("p50", "p99")) {
        Map<Integer, Double> added = added(target, name);
        text.append(' ')
            .append(target.equals("direct") ? "0" : quartiles(added).text(0))
            .append(" | ");
        text.append(PairRatios.of(added, added("haproxy", name)).text(2)).append(" |");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private Map<Integer, Double> added(String target, String name) {
    Map<Integer, Double> direct = byRound("direct", round -> round.value(name));
    Map<Integer, Double> added = byRound(target, round -> round.value(name));
    added.keySet().retainAll(direct.keySet());
    added.replaceAll((round, value) -> value - direct.get(round));
    return added;
  }

  private String quality() {
    StringBuilder text = new StringBuilder();
    long noisy = rounds.stream().filter(Round::noisy).count();
    text.append(
        String.format(
            Locale.ROOT,
            "%d of %d rounds shared the machine with other work (above %.2f CPUs, median %.2f).%n",
            noisy,
            rounds.size(),
            Round.NOISE,
            Quartiles.of(rounds.stream().mapToDouble(Round::others).toArray()).median()));
    for (Round round : rounds) {
      if (!round.valid()) {
        text.append(
            String.format(
                "%nDiscarded: round %d of %s, %s.%n",
                round.number(), round.target(), round.discarded()));
      }
    }
    return text.toString();
  }
}
