package dev.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdleOrderTest {
  private static final int MOST = 3;

  private final IdleOrder order = new IdleOrder(MOST);
  private final List<String> closed = new ArrayList<>();

  private final class Connection extends IdleOrder.Entry {
    private final String name;

    Connection(String name) {
      this.name = name;
    }

    @Override
    public long idleSince() {
      return 0;
    }

    @Override
    public boolean quiet(boolean ask) {
      return true;
    }

    @Override
    public ProxiedClient client() {
      return null;
    }

    @Override
    public void endIdle() {
      closed.add(name);
      order.remove(this);
    }
  }

  private Connection waiting(String name) {
    Connection connection = new Connection(name);
    order.add(connection);
    return connection;
  }

  @Test
  void theOneThatHasWaitedLongestMakesRoom() {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      waiting(name);
    }
    assertThat(closed).containsExactly("a", "b");
  }

  @Test
  void oneThatWasUsedWaitsAnew() {
    Connection a = waiting("a");
    waiting("b");
    waiting("c");
    order.remove(a);
    order.add(a);
    waiting("d");
    assertThat(closed).containsExactly("b");
  }

  @Test
  void whatNoLongerWaitsTakesNoRoom() {
    waiting("a");
    Connection b = waiting("b");
    Connection c = waiting("c");
    order.remove(b);
    order.remove(b);
    order.remove(c);
    waiting("d");
    waiting("e");
    assertThat(closed).isEmpty();
    waiting("f");
    assertThat(closed).containsExactly("a");
  }

  @Test
  void anyOrderOfComingsAndGoingsIsThatOfAList() {
    Random random = new Random(1);
    List<Connection> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(new Connection("" + i));
    }
    List<String> expected = new ArrayList<>();
    List<Connection> list = new ArrayList<>();
    for (int step = 0; step < 10_000; step++) {
      Connection one = all.get(random.nextInt(all.size()));
      order.remove(one);
      list.remove(one);
      if (random.nextBoolean()) {
        if (list.size() == MOST) {
          expected.add(list.remove(0).name);
        }
        order.add(one);
        list.add(one);
      }
    }
    assertThat(closed).isEqualTo(expected).isNotEmpty();
  }
}
