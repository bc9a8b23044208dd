package dev.weir.server.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static dev.weir.server.arch.Law.law;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.weir.core.balance.Picker;
import dev.weir.core.balance.planted.MutablePicker;
import dev.weir.core.planted.ReadsFiles;
import dev.weir.core.planted.ReadsWallClock;
import dev.weir.core.planted.StaticState;
import dev.weir.core.planted.StopsTheProcess;
import dev.weir.core.planted.TidyManager;
import dev.weir.core.planted.UsesChance;
import dev.weir.core.planted.WaitsForDns;
import dev.weir.http.planted.WaitsForFuture;
import dev.weir.http.planted.WaitsForNetty;
import dev.weir.http.planted.WaitsForQueue;
import java.io.File;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;

/** What code may not do: wait, read clocks, touch files, keep static state, end the process. */
final class ConductLaws {
  private static final String[] DATA_PATH = {
    "dev.weir.core.backend..",
    "dev.weir.core.balance..",
    "dev.weir.core.control..",
    "dev.weir.core.health..",
    "dev.weir.core.limit..",
    "dev.weir.core.net..",
    "dev.weir.core.observe..",
    "dev.weir.core.pool..",
    "dev.weir.core.planted..",
    "dev.weir.http..",
    "dev.weir.tcp..",
    "dev.weir.udp..",
  };

  /** Methods of the data path's packages that run on workers, at start or at the end. */
  private static final Set<String> MAY_WAIT =
      Set.of(
          // opening a listener, on the runtime's worker
          "dev.weir.core.net.EpollListeningSocket.ready",
          "dev.weir.core.net.NettyListeningSocket.open",
          "dev.weir.core.net.PlainResponder.close", // the end of the process
          "dev.weir.core.observe.log.AccessLog.close", // the end of the process
          "dev.weir.core.net.Loops.close"); // the end of the process

  private static final Set<String> DURATIONS_OF_DAY =
      Set.of("now", "systemUTC", "systemDefaultZone", "nanoTime", "currentTimeMillis");

  private ConductLaws() {}

  static List<Law> all() {
    return List.of(
        law(
            classes()
                .that()
                .resideInAnyPackage(DATA_PATH)
                .should(notCall(ConductLaws::waits, "wait", MAY_WAIT))
                .as("nobody waits on the data path"),
            WaitsForFuture.class,
            WaitsForNetty.class,
            WaitsForQueue.class,
            WaitsForDns.class),
        law(
            classes()
                .that()
                .resideInAnyPackage("dev.weir..")
                .and()
                .resideOutsideOfPackages("dev.weir.core.control..", "dev.weir.server..")
                .should(notCall(ConductLaws::readsClock, "read a clock", Set.of()))
                .as("time comes from the Ticker or WallClock that was passed in"),
            ReadsWallClock.class),
        law(
            classes()
                .that()
                .resideInAnyPackage(
                    "dev.weir.core..", "dev.weir.http..", "dev.weir.tcp..", "dev.weir.udp..")
                .should(notCall(ConductLaws::takesChance, "take a chance", Set.of()))
                .as("chance comes from the RandomGenerator that was passed in"),
            UsesChance.class),
        law(
            noClasses()
                .that()
                .resideInAnyPackage(
                    "dev.weir.core..", "dev.weir.http..", "dev.weir.tcp..", "dev.weir.udp..")
                .and()
                .resideOutsideOfPackages("dev.weir.core.config..", "dev.weir.core.store..")
                .and()
                .resideOutsideOfPackage("dev.weir.core.observe.log..") // the log writer
                .and()
                .haveNameNotMatching(
                    // /proc, on a worker; the files that Unix sockets are found by
                    "dev\\.weir\\.core\\.net\\.(Descriptors|SocketFile).*")
                .should()
                .dependOnClassesThat(
                    resideInAnyPackage("java.io")
                        .and(nameStartsWith("java.io.File"))
                        .or(assignableTo(Files.class))
                        .or(assignableTo(FileChannel.class))
                        .or(assignableTo(File.class)))
                .as(
                    "files are touched in core.config, core.store, the log writer, lb-admin and lb-server only"),
            ReadsFiles.class),
        law(
            classes()
                .that()
                .resideInAPackage("dev.weir..")
                .and()
                .resideOutsideOfPackage("dev.weir.server..")
                .should(notCall(ConductLaws::endsProcess, "end the process", Set.of()))
                .as("only lb-server ends the process or hooks its end"),
            StopsTheProcess.class),
        law(
            fields()
                .that()
                .areDeclaredInClassesThat()
                .areAssignableTo(Picker.class)
                .should()
                .beFinal()
                .as("pickers keep final fields"),
            MutablePicker.class),
        law(
            fields()
                .that()
                .areStatic()
                .should()
                .beFinal()
                .andShould(notHoldState())
                .as("no static mutable state"),
            StaticState.class),
        law(
            noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Base)")
                .orShould()
                .haveSimpleNameStartingWith("Abstract")
                .as("names say what a class is, not that it is one"),
            TidyManager.class));
  }

  private static boolean waits(JavaAccess<?> call) {
    JavaClass owner = call.getTargetOwner();
    String name = call.getTarget().getName();
    if (owner.isAssignableTo(Future.class)
        || owner.isAssignableTo("io.netty.util.concurrent.Future")) {
      return Set.of("get", "join").contains(name)
          || name.startsWith("sync")
          || name.startsWith("await");
    }
    if (owner.isAssignableTo(BlockingQueue.class)) {
      return Set.of("take", "put").contains(name);
    }
    if (owner.isEquivalentTo(Thread.class)) {
      return Set.of("sleep", "join").contains(name);
    }
    if (owner.isEquivalentTo(java.net.InetAddress.class)) {
      return Set.of("getByName", "getAllByName", "getLocalHost").contains(name);
    }
    return name.startsWith("await")
        && (owner.isAssignableTo(Condition.class)
            || owner.getPackageName().equals("java.util.concurrent"));
  }

  private static boolean readsClock(JavaAccess<?> call) {
    JavaClass owner = call.getTargetOwner();
    return (owner.isEquivalentTo(System.class) || owner.getPackageName().equals("java.time"))
        && DURATIONS_OF_DAY.contains(call.getTarget().getName());
  }

  private static boolean takesChance(JavaAccess<?> call) {
    JavaClass owner = call.getTargetOwner();
    String name = call.getTarget().getName();
    return (owner.isAssignableTo(java.util.Random.class)
            && Set.of("<init>", "current").contains(name))
        || (owner.isEquivalentTo(Math.class) && name.equals("random"))
        || (owner.isEquivalentTo(java.util.UUID.class) && name.equals("randomUUID"));
  }

  private static boolean endsProcess(JavaAccess<?> call) {
    JavaClass owner = call.getTargetOwner();
    return (owner.isEquivalentTo(System.class) || owner.isEquivalentTo(Runtime.class))
        && Set.of("exit", "halt", "addShutdownHook").contains(call.getTarget().getName());
  }

  private static ArchCondition<JavaClass> notCall(
      java.util.function.Predicate<JavaAccess<?>> banned, String what, Set<String> exempt) {
    return new ArchCondition<>("not " + what) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        for (JavaAccess<?> access : item.getAccessesFromSelf()) {
          String caller = item.getName() + "." + access.getOrigin().getName();
          if (banned.test(access) && !exempt.contains(caller)) {
            events.add(SimpleConditionEvent.violated(access, access.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaField> notHoldState() {
    return new ArchCondition<>("not hold state") {
      @Override
      public void check(JavaField field, ConditionEvents events) {
        JavaClass type = field.getRawType();
        boolean mutable =
            type.getPackageName().equals("java.util.concurrent.atomic")
                || type.isEquivalentTo(ThreadLocal.class)
                || type.isEquivalentTo(StringBuilder.class)
                || ((type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class))
                    && !type.isInterface()
                    && !type.getModifiers().contains(JavaModifier.ABSTRACT));
        if (mutable) {
          events.add(
              SimpleConditionEvent.violated(
                  field, field.getFullName() + " is a static " + type.getSimpleName()));
        }
      }
    };
  }

  private static DescribedPredicate<JavaClass> nameStartsWith(String prefix) {
    return DescribedPredicate.describe(
        "name starts with " + prefix, type -> type.getName().startsWith(prefix));
  }
}
