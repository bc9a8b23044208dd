package dev.weir.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.core.config.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PluginsTest {
  private final List<Problem> problems = new ArrayList<>();
  private final Plugins plugins = Plugins.load(new SplittableRandom(1), List.of());

  @Test
  void theFirstFourAlgorithmsAreBuiltIn() {
    assertThat(plugins.balancers().names())
        .contains("round-robin", "least-requests", "least-connections", "source-hash", "random");
  }

  @Test
  void everyBuiltInMakesABalancer() {
    for (BalancerFactory factory : plugins.balancers().all()) {
      assertThat(factory.create(Map.of(), "/balance", problems::add)).isNotNull();
    }
    assertThat(problems).isEmpty();
  }

  @Test
  void anUnknownNameIsAProblemThatListsTheKnownOnesAndTheNearest() {
    assertThat(plugins.balancers().find("least-request", "/pools/web/balance", problems::add))
        .isNull();
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).path()).isEqualTo("/pools/web/balance");
    assertThat(problems.get(0).message())
        .contains("no balancer 'least-request'", "round-robin", "did you mean 'least-requests'?");
  }

  @Test
  void anUnknownOptionIsAProblem() {
    plugins
        .balancers()
        .find("random", "/b", problems::add)
        .create(Map.of("seed", 1), "/b", problems::add);
    assertThat(problems).extracting(Problem::path).containsExactly("/b/seed");
  }

  @Test
  void twoOfTheSameNameRefuseToStart() {
    assertThatThrownBy(() -> new Registry<String>("balancer", s -> "same", List.of("a", "b")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two balancers are called 'same'");
  }
}
