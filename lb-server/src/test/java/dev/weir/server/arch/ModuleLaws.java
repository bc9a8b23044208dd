package dev.weir.server.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.weir.server.arch.Law.law;

import com.tngtech.archunit.lang.ArchRule;
import dev.weir.admin.planted.AdminKnowsTcp;
import dev.weir.core.backend.planted.BackendKnowsPool;
import dev.weir.core.config.planted.ConfigKnowsBackend;
import dev.weir.core.control.planted.ControlKnowsObserve;
import dev.weir.core.health.planted.HealthKnowsNet;
import dev.weir.core.net.planted.NetKnowsRuntime;
import dev.weir.core.planted.CoreKnowsHttp;
import dev.weir.core.planted.CoreMeasures;
import dev.weir.core.planted.CoreParsesJson;
import dev.weir.core.planted.CoreSpeaksHttp;
import dev.weir.core.planted.CoreSpeaksNetty;
import dev.weir.core.planted.CoreUsesResilience4j;
import dev.weir.core.plantedone.CycleOne;
import dev.weir.core.plantedtwo.CycleTwo;
import dev.weir.core.pool.planted.PoolKnowsNet;
import dev.weir.core.runtime.planted.RuntimeParsesJson;
import dev.weir.core.store.planted.StoreKnowsRuntime;
import dev.weir.http.planted.HttpKnowsTcp;
import dev.weir.http.planted.HttpUsesNettyCodec;
import dev.weir.tcp.planted.TcpKnowsAdmin;
import dev.weir.udp.planted.UdpKnowsTcp;
import java.util.ArrayList;
import java.util.List;

/** Which module and which package may know which, and where each library may be used. */
final class ModuleLaws {
  private static final String CORE = "dev.weir.core..";
  private static final String HTTP = "dev.weir.http..";
  private static final String TCP = "dev.weir.tcp..";
  private static final String UDP = "dev.weir.udp..";
  private static final String ADMIN = "dev.weir.admin..";
  private static final String SERVER = "dev.weir.server..";

  private static final String[] RUNTIME = {"dev.weir.core.runtime..", "dev.weir.core.sim.."};
  private static final String[] PLUGIN_STORE = {"dev.weir.core.plugin..", "dev.weir.core.store.."};
  private static final String[] NET = {"dev.weir.core.net.."};
  private static final String[] POOL = {"dev.weir.core.pool.."};
  private static final String[] CHOICE = {
    "dev.weir.core.balance..",
    "dev.weir.core.health..",
    "dev.weir.core.discovery..",
    "dev.weir.core.limit.."
  };
  private static final String[] FACTS = {"dev.weir.core.backend..", "dev.weir.core.observe.."};
  private static final String[] GROUND = {"dev.weir.core.config..", "dev.weir.core.control.."};

  private ModuleLaws() {}

  static List<Law> all() {
    List<Law> laws = new ArrayList<>(arrows());
    laws.addAll(downhill());
    laws.addAll(libraries());
    return laws;
  }

  private static List<Law> arrows() {
    return List.of(
        law(
            unknown(CORE, HTTP, TCP, UDP, ADMIN, SERVER).because("lb-core knows none of its users"),
            CoreKnowsHttp.class),
        law(
            unknown(HTTP, TCP, UDP, ADMIN, SERVER).because("lb-http knows lb-core"),
            HttpKnowsTcp.class),
        law(
            unknown(TCP, UDP, HTTP, ADMIN, SERVER).because("lb-tcp knows lb-core"),
            TcpKnowsAdmin.class),
        law(
            unknown(UDP, TCP, HTTP, ADMIN, SERVER).because("TCP and UDP do not know each other"),
            UdpKnowsTcp.class),
        law(
            unknown(ADMIN, HTTP, TCP, UDP, SERVER).because("lb-admin knows lb-core"),
            AdminKnowsTcp.class),
        law(
            slices().matching("dev.weir.core.(*)..").should().beFreeOfCycles(),
            CycleOne.class,
            CycleTwo.class));
  }

  // runtime -> {plugin, store} -> net -> pool -> {balance, health, ...} -> {backend, observe}
  // -> {config, control}
  private static List<Law> downhill() {
    return List.of(
        law(unknown(PLUGIN_STORE, RUNTIME), StoreKnowsRuntime.class),
        law(unknown(NET, RUNTIME, PLUGIN_STORE), NetKnowsRuntime.class),
        law(unknown(POOL, RUNTIME, PLUGIN_STORE, NET), PoolKnowsNet.class),
        law(unknown(CHOICE, RUNTIME, PLUGIN_STORE, NET, POOL), HealthKnowsNet.class),
        law(unknown(FACTS, RUNTIME, PLUGIN_STORE, NET, POOL, CHOICE), BackendKnowsPool.class),
        law(
            unknown(GROUND, RUNTIME, PLUGIN_STORE, NET, POOL, CHOICE, FACTS),
            ConfigKnowsBackend.class,
            ControlKnowsObserve.class));
  }

  private static List<Law> libraries() {
    return List.of(
        law(
            noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.handler.codec.http..", "java.net.http..")
                .as("lb-core knows no HTTP codec"),
            CoreSpeaksHttp.class),
        law(
            noClasses()
                .that()
                .resideInAPackage(CORE)
                .and()
                .resideOutsideOfPackage("dev.weir.core.net..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .as("inside lb-core Netty is used in core.net only"),
            CoreSpeaksNetty.class),
        law(
            noClasses()
                .that()
                .resideInAnyPackage(CORE, HTTP, TCP, UDP)
                .and()
                .resideOutsideOfPackages(
                    "dev.weir.core.config..", "dev.weir.core.store..", "dev.weir.core.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "org.snakeyaml..", "com.networknt..")
                .as("JSON and YAML are read in core.config, core.store, lb-admin and lb-server"),
            CoreParsesJson.class),
        law(
            noClasses()
                .that()
                .resideInAPackage("dev.weir.core.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                    "tools.jackson.core..",
                    "tools.jackson.databind.json..",
                    "org.snakeyaml..",
                    "com.networknt..")
                .as("core.runtime hands JSON trees on, it neither reads nor writes text"),
            RuntimeParsesJson.class),
        law(
            noClasses()
                .that()
                .resideInAnyPackage(CORE, HTTP, TCP, UDP)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.prometheus..")
                .as("metrics libraries are used in lb-admin and lb-server only"),
            CoreMeasures.class),
        law(
            noClasses()
                .that()
                .resideInAPackage("dev.weir..")
                .and()
                .resideOutsideOfPackages("dev.weir.core.limit..", "dev.weir.core.health..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.resilience4j..")
                .as("Resilience4j is used in core.limit and core.health only"),
            CoreUsesResilience4j.class),
        law(
            noClasses()
                .that()
                .resideInAPackage(HTTP)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.handler.codec.http..")
                .as("lb-http parses HTTP itself; it uses none of Netty's HTTP codecs"),
            HttpUsesNettyCodec.class));
  }

  private static ArchRule unknown(String from, String... to) {
    return unknown(new String[] {from}, to);
  }

  private static ArchRule unknown(String[] from, String[]... to) {
    List<String> all = new ArrayList<>();
    for (String[] some : to) {
      all.addAll(List.of(some));
    }
    return noClasses()
        .that()
        .resideInAnyPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(all.toArray(String[]::new));
  }
}
