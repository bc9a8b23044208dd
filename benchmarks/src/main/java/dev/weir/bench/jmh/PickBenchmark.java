package dev.weir.bench.jmh;

import dev.weir.core.backend.Backend;
import dev.weir.core.backend.Health;
import dev.weir.core.balance.Balancer;
import dev.weir.core.balance.Candidate;
import dev.weir.core.balance.LeastRequests;
import dev.weir.core.balance.PickContext;
import dev.weir.core.balance.Picker;
import dev.weir.core.balance.RoundRobin;
import dev.weir.core.balance.SourceHash;
import dev.weir.core.balance.WeightedRandom;
import dev.weir.core.config.AdminState;
import dev.weir.core.config.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One pick of each algorithm; what it allocates must be nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickBenchmark {
  /** The algorithm. */
  @Param({"round-robin", "least-requests", "source-hash", "random"})
  public String algorithm;

  /** Backends of the pool. */
  @Param({"3", "100"})
  public int backends;

  private final Context context = new Context();
  private Picker picker;

  private static final class Context implements PickContext {
    private final SplittableRandom random = new SplittableRandom(1);
    private long hash;

    @Override
    public long hash() {
      return hash;
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public boolean tried(Backend backend) {
      return false;
    }
  }

  /** Builds the picker over eligible backends with weights of all sizes. */
  @Setup
  public void prepare() {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < backends; i++) {
      HostPort address = new HostPort("127.0.0.1", 1 + i);
      Backend backend = new Backend("p", "b" + i, address, (b, outcome, fresh, client) -> {});
      backend.judged(AdminState.READY, Health.HEALTHY, true);
      candidates.add(new Candidate(backend, 1 + i % 10));
    }
    picker = balancer().picker(candidates);
  }

  private Balancer balancer() {
    return switch (algorithm) {
      case "round-robin" -> new RoundRobin(0);
      case "least-requests" -> new LeastRequests();
      case "source-hash" -> new SourceHash();
      case "random" -> new WeightedRandom();
      default -> throw new IllegalArgumentException(algorithm);
    };
  }

  /** One pick. */
  @Benchmark
  public Backend pick() {
    context.hash += 0x9e3779b97f4a7c15L;
    return picker.pick(context);
  }
}
