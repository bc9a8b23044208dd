package dev.weir.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObserversTest {
  private final List<String> seen = new ArrayList<>();

  private LbObserver noting(String name) {
    return new LbObserver() {
      @Override
      public void applied(long generation, String author, String reason) {
        seen.add(name + generation);
      }

      @Override
      public void connectionOpened(int loop, String listener) {
        seen.add(name + listener);
      }
    };
  }

  @Test
  void allAreToldInTheirOrderAndOneThatThrowsHurtsNobody() {
    LbObserver broken =
        new LbObserver() {
          @Override
          public void applied(long generation, String author, String reason) {
            throw new IllegalStateException("broken on purpose");
          }

          @Override
          public void connectionOpened(int loop, String listener) {
            throw new IllegalStateException("broken on purpose");
          }
        };
    LbObserver all = Observers.of(List.of(noting("a"), broken, noting("b")));
    all.applied(7, "tester", "");
    all.connectionOpened(0, "web");
    assertThat(seen).containsExactly("a7", "b7", "aweb", "bweb");
  }
}
