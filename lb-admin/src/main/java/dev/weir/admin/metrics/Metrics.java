package dev.weir.admin.metrics;

import dev.weir.core.control.Ticker;
import dev.weir.core.net.Loops;
import dev.weir.core.net.Pipes;
import dev.weir.core.runtime.Runtime;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

/**
 * Everything that {@code /metrics} shows. Series of the process are Micrometer meters; those of
 * listeners, pools and backends, which come and go, are collected from the running snapshot. Read
 * by whoever serves {@code /metrics}.
 */
public final class Metrics implements AutoCloseable {
  /** The media type of {@link #scrape}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final LoopLag lag;

  /**
   * Starts measuring.
   *
   * @param traffic the observer that the runtime was given
   * @param loops the event loops of the data path
   * @param version of the product
   */
  public Metrics(
      TrafficMetrics traffic, Runtime runtime, Loops loops, Ticker ticker, String version) {
    lag = new LoopLag(loops, ticker);
    traffic.running(runtime::snapshot);
    registry.getPrometheusRegistry().register(new TrafficCollector(traffic, runtime::snapshot));
    control(traffic, runtime, version);
    process();
    Gauge.builder("weir.pipes", loops.pipes(), Pipes::count)
        .description("Pipes that bytes are spliced through, in use or free.")
        .register(registry);
    Gauge.builder("weir.pipes.in.use", loops.pipes(), Pipes::inUse)
        .description("Directions of TCP sessions that are spliced now.")
        .register(registry);
    for (int i = 0; i < lag.size(); i++) {
      loop(i);
    }
  }

  private void control(TrafficMetrics traffic, Runtime runtime, String version) {
    Gauge.builder("weir.build.info", () -> 1)
        .description("1; its label is the version.")
        .tag("version", version)
        .register(registry);
    Gauge.builder("weir.ready", runtime, r -> r.ready() ? 1 : 0)
        .description("1 when the process wants traffic.")
        .register(registry);
    Gauge.builder("weir.config.generation", runtime, Metrics::generation)
        .description("The generation that runs.")
        .register(registry);
    counter("weir.config.changes", "Generations applied.", traffic, TrafficMetrics::changes);
    counter(
        "weir.health.changes",
        "Changes of a health state.",
        traffic,
        TrafficMetrics::healthChanges);
    counter("weir.ejections", "Backends ejected by traffic.", traffic, TrafficMetrics::ejections);
  }

  private static double generation(Runtime runtime) {
    var snapshot = runtime.snapshot();
    return snapshot == null ? 0 : snapshot.generation();
  }

  private void counter(
      String name,
      String help,
      TrafficMetrics traffic,
      java.util.function.ToDoubleFunction<TrafficMetrics> value) {
    FunctionCounter.builder(name, traffic, value).description(help).register(registry);
  }

  private void process() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
      Gauge.builder(
              "weir.buffers.direct.bytes", allocator.metric(), metric -> metric.usedDirectMemory())
          .description("Direct memory that the allocator of the data path holds.")
          .register(registry);
    }
  }

  private void loop(int index) {
    String name = Integer.toString(index);
    Gauge.builder("weir.loop.lag.seconds", lag, l -> l.takeWorst(index))
        .description("Worst delay of a task on an event loop since the last scrape.")
        .tag("loop", name)
        .register(registry);
    FunctionCounter.builder("weir.loop.stalls", lag, l -> l.stalls(index))
        .description("Delays of 100 ms or more of a task on an event loop.")
        .tag("loop", name)
        .register(registry);
  }

  /**
   * All series in the text format. Takes time in proportion to the backends: not on a data loop.
   */
  public synchronized String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    lag.close();
    collections.close();
    registry.close();
  }
}
