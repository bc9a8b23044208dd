package dev.weir.core.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test class after which Netty reports a buffer that was never released. Registered for
 * every module through the service loader (see {@code junit-platform.properties}). A leak is seen
 * when the garbage collector gets to it, so it may be laid at the door of a later class: the access
 * records in the message name the place.
 */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {
  private static final int MAX_KEPT = 100;
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  static {
    // Before the first Netty class makes its detector: extensions are created ahead of all tests.
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingFactory());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // The last class's leaks may show only now that everything has run.
    context
        .getRoot()
        .getStore(Namespace.create(LeakGuard.class))
        .getOrComputeIfAbsent("end", key -> (AutoCloseable) LeakGuard::failOnLeaks);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    failOnLeaks();
  }

  private static void failOnLeaks() {
    List<String> leaks = collect();
    if (!leaks.isEmpty()) {
      throw new AssertionError(leaks.size() + " buffer(s) leaked:\n" + String.join("\n", leaks));
    }
  }

  /** What has leaked since the last call, as far as the garbage collector finds it now. */
  static List<String> collect() {
    System.gc();
    // A detector reports the leaks it knows when it begins to track another buffer.
    ByteBuf tracked = UnpooledByteBufAllocator.DEFAULT.directBuffer(1);
    tracked.release();
    List<String> leaks = new ArrayList<>();
    for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
      leaks.add(leak);
    }
    return leaks;
  }

  private static void record(String leak) {
    if (LEAKS.size() < MAX_KEPT) {
      LEAKS.add(leak);
    }
  }

  private static final class RecordingFactory extends ResourceLeakDetectorFactory {
    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new RecordingDetector<>(resource, samplingInterval);
    }

    @Override
    @Deprecated
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return new RecordingDetector<>(resource, samplingInterval);
    }
  }

  private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {
    RecordingDetector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      record(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      record(resourceType + " (no access records)");
    }
  }
}
