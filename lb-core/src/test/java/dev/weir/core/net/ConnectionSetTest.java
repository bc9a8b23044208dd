package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.control.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionSetTest {
  private final Loops loops = new Loops(Transport.NIO, 1, Ticker.system(), new SplittableRandom(1));
  private final ConnectionSet set = new ConnectionSet(loops.get(0));

  private static final class Plain extends ClientConnection {
    @Override
    public void drain() {}

    @Override
    public void abort() {}
  }

  @AfterEach
  void close() {
    loops.close();
  }

  @Test
  void randomComingsAndGoingsLeaveWhatAPlainSetWouldHold() {
    Random random = new Random(7);
    Set<ClientConnection> model = new LinkedHashSet<>();
    List<ClientConnection> known = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      known.add(new Plain());
    }
    for (int step = 0; step < 20_000; step++) {
      ClientConnection one = known.get(random.nextInt(known.size()));
      if (random.nextBoolean()) {
        set.add(one);
        model.add(one);
      } else {
        set.remove(one);
        model.remove(one);
      }
      assertThat(set.size()).isEqualTo(model.size());
    }
    assertThat(set.copy()).containsExactlyInAnyOrderElementsOf(model);
  }

  @Test
  void aCopyMayBeWalkedWhileConnectionsLeave() {
    for (int i = 0; i < 40; i++) {
      set.add(new Plain());
    }
    set.copy().forEach(set::remove);
    assertThat(set.size()).isZero();
    assertThat(set.copy()).isEmpty();
  }
}
