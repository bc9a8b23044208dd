package dev.weir.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.core.net.ListenerTest.FakeDescriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionBudgetTest {
  @Test
  void byDefaultHalfOfTheDescriptorsBeyondOurOwnAreForClients() {
    try (ConnectionBudget budget = new ConnectionBudget(null, new FakeDescriptors(20_000))) {
      assertThat(budget.maxConnections()).isEqualTo((20_000 - 256) / 2);
    }
  }

  @Test
  void thereIsRoomForAFewBeforeAcceptingGoesOn() {
    try (ConnectionBudget budget = new ConnectionBudget(320, new FakeDescriptors(20_000))) {
      AtomicInteger changes = new AtomicInteger();
      budget.watch(changes::incrementAndGet);
      open(budget, 320);
      assertThat(budget.exhausted()).isTrue();

      close(budget, 9);
      assertThat(budget.exhausted()).as("nine of ten").isTrue();
      close(budget, 1);
      assertThat(budget.exhausted()).isFalse();
      assertThat(changes.get()).isEqualTo(2);
      assertThat(budget.pauses()).isEqualTo(1);
    }
  }

  @Test
  void connectionsToBackendsTakeDescriptorsToo() {
    try (ConnectionBudget budget = new ConnectionBudget(1_000, new FakeDescriptors(300))) {
      for (int i = 0; i < 300 - ConnectionBudget.RESERVED; i++) {
        budget.upstreamOpened();
      }
      assertThat(budget.exhausted()).isFalse();
      budget.upstreamOpened();
      assertThat(budget.exhausted()).isTrue();
      assertThat(budget.descriptorsLeft()).isEqualTo(ConnectionBudget.RESERVED - 1);

      for (int i = 0; i < 100; i++) {
        budget.upstreamClosed();
      }
      assertThat(budget.exhausted()).isFalse();
    }
  }

  @Test
  void datagramsWhoseSendersMayBeForgedCannotKeepConnectionsOut() {
    try (ConnectionBudget budget = new ConnectionBudget(10, new FakeDescriptors(20_000))) {
      for (int i = 0; i < 5; i++) {
        assertThat(budget.sessionOpened()).isTrue();
      }
      assertThat(budget.sessionOpened()).as("more than half").isFalse();
      assertThat(budget.connections()).isEqualTo(5);
      assertThat(budget.exhausted()).isFalse();

      budget.sessionClosed();
      open(budget, 6);
      assertThat(budget.exhausted()).isTrue();
      assertThat(budget.sessionOpened()).as("while accepting is paused").isFalse();
      budget.sessionClosed();
      assertThat(budget.sessionOpened()).isTrue();
      assertThat(budget.connections()).isEqualTo(10);
    }
  }

  @Test
  void whatOthersHoldIsSampled() {
    FakeDescriptors descriptors = new FakeDescriptors(1_000);
    try (ConnectionBudget budget = new ConnectionBudget(500, descriptors)) {
      descriptors.open = 950;
      budget.sample();
      assertThat(budget.exhausted()).isTrue();
      descriptors.open = 200;
      budget.sample();
      assertThat(budget.exhausted()).isFalse();
    }
  }

  @Test
  void noPauseIsLeftStandingWhateverTheThreadsDo() throws Exception {
    try (ConnectionBudget budget = new ConnectionBudget(1, new FakeDescriptors(20_000))) {
      Thread[] threads = new Thread[2];
      CountDownLatch go = new CountDownLatch(1);
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            new Thread(
                () -> {
                  try {
                    go.await();
                  } catch (InterruptedException never) {
                    throw new AssertionError(never);
                  }
                  for (int n = 0; n < 100_000; n++) {
                    budget.clientOpened();
                    budget.clientClosed();
                  }
                });
        threads[i].start();
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(budget.connections()).isZero();
      assertThat(budget.exhausted()).isFalse();
    }
  }

  @Test
  void theLimitIsReadAsTheKernelWritesIt() {
    String title = "Limit                     Soft Limit           Hard Limit           Units";
    String files = "Max open files            1024                 20000                files";
    assertThat(Descriptors.limitIn(List.of(title, files))).isEqualTo(1024);
    assertThat(Descriptors.limitIn(List.of(files.replace("1024 ", "unlimited "))))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(Descriptors.limitIn(List.of(title))).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void descriptorsAreCounted(@TempDir Path folder) throws Exception {
    assertThat(Descriptors.ofProcess().open()).isPositive();
    assertThat(Descriptors.ofProcess().limit()).isGreaterThan(100);
    assertThat(Descriptors.of(folder).limit()).isEqualTo(Integer.MAX_VALUE);
    assertThat(Descriptors.of(folder).open()).isZero();
    Files.createDirectory(folder.resolve("fd"));
    assertThat(Descriptors.of(folder).open()).isNotNegative();
  }

  private static void open(ConnectionBudget budget, int count) {
    for (int i = 0; i < count; i++) {
      budget.clientOpened();
    }
  }

  private static void close(ConnectionBudget budget, int count) {
    for (int i = 0; i < count; i++) {
      budget.clientClosed();
    }
  }
}
