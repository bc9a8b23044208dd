package dev.weir.admin.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The metric families of one scrape while they are collected; used by one thread. */
final class Families {
  private final Map<String, Family<?>> families = new LinkedHashMap<>();

  private static final class Family<P> {
    final String help;
    final Kind kind;
    final List<P> points = new ArrayList<>();

    Family(String help, Kind kind) {
      this.help = help;
      this.kind = kind;
    }
  }

  private enum Kind {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  /** Adds a point; {@code name} is without the suffix {@code _total}. */
  void counter(String name, String help, long value, String... labels) {
    this.<CounterDataPointSnapshot>family(name, help, Kind.COUNTER)
        .add(new CounterDataPointSnapshot(value, Labels.of(labels), null, 0));
  }

  /** Adds a point. */
  void gauge(String name, String help, double value, String... labels) {
    this.<GaugeDataPointSnapshot>family(name, help, Kind.GAUGE)
        .add(new GaugeDataPointSnapshot(value, Labels.of(labels), null));
  }

  /** Adds a histogram with the counts of each bucket alone. */
  void histogram(
      String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
    this.<HistogramDataPointSnapshot>family(name, help, Kind.HISTOGRAM)
        .add(
            new HistogramDataPointSnapshot(
                ClassicHistogramBuckets.of(bounds, counts), sum, Labels.of(labels), null, 0));
  }

  // A family is only ever asked for with the kind it was made with, which fixes its points' type.
  @SuppressWarnings("unchecked")
  private <P> List<P> family(String name, String help, Kind kind) {
    return (List<P>) families.computeIfAbsent(name, unknown -> new Family<P>(help, kind)).points;
  }

  MetricSnapshots snapshots() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    families.forEach((name, family) -> all.metricSnapshot(snapshot(name, family)));
    return all.build();
  }

  @SuppressWarnings("unchecked") // see family()
  private static MetricSnapshot snapshot(String name, Family<?> family) {
    MetricMetadata metadata = new MetricMetadata(name, family.help);
    return switch (family.kind) {
      case COUNTER -> new CounterSnapshot(metadata, (List<CounterDataPointSnapshot>) family.points);
      case GAUGE -> new GaugeSnapshot(metadata, (List<GaugeDataPointSnapshot>) family.points);
      case HISTOGRAM ->
          new HistogramSnapshot(metadata, (List<HistogramDataPointSnapshot>) family.points);
    };
  }
}
