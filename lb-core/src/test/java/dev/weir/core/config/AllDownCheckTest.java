package dev.weir.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What pools say of the time when all of them is down. */
class AllDownCheckTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  @Test
  void itIsAWordOrAPoolThatStandsIn() throws ConfigException {
    LbConfig config =
        Configs.bind(
            folder,
            """
            pools:
              a: {}
              b: { allDown: reset }
              c: { allDown: close }
              d: { allDown: { pool: a } }
            """,
            Map.of());
    assertThat(config.pools().get("a").allDown()).isEqualTo(AllDownConfig.RESET);
    assertThat(config.pools().get("b").allDown()).isEqualTo(AllDownConfig.RESET);
    assertThat(config.pools().get("c").allDown()).isEqualTo(AllDownConfig.CLOSE);
    assertThat(config.pools().get("d").allDown()).isEqualTo(AllDownConfig.pool("a"));
  }

  @Test
  void wordsAndPoolsThatDoNotExistAreRefused() {
    assertThat(
            Configs.problems(
                folder,
                """
                pools:
                  spare: {}
                  a: { allDown: clsoe }
                  b: { allDown: { pool: spre } }
                  c: { allDown: { pool: spare, panic: 1 } }
                  d: { allDown: {} }
                  e: { allDown: 5 }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:3: /pools/a/allDown: must be reset, close, or a map with 'pool', is 'clsoe'",
            "lb.yaml:4: /pools/b/allDown/pool: there is no pool 'spre'; did you mean 'spare'?",
            "lb.yaml:5: /pools/c/allDown/panic: unknown key 'panic'; known are pool",
            "lb.yaml:6: /pools/d/allDown: 'pool' is missing",
            "lb.yaml:7: /pools/e/allDown: must be text or a map, is 5");
  }

  @Test
  void poolsThatLeadBackAreToldOnceAndLongChainsToo() {
    assertThat(
            Configs.problems(
                folder,
                """
                pools:
                  leads-in: { allDown: { pool: a } }
                  a: { allDown: { pool: b } }
                  b: { allDown: { pool: a } }
                  own: { allDown: { pool: own } }
                  p0: { allDown: { pool: p1 } }
                  p1: { allDown: { pool: p2 } }
                  p2: { allDown: { pool: p3 } }
                  p3: { allDown: { pool: p4 } }
                  p4: { allDown: { pool: p5 } }
                  p5: { allDown: { pool: p6 } }
                  p6: { allDown: { pool: p7 } }
                  p7: { allDown: { pool: p8 } }
                  p8: { allDown: { pool: p9 } }
                  p9: {}
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:3: /pools/a/allDown/pool: leads back to itself: a -> b -> a",
            "lb.yaml:5: /pools/own/allDown/pool: leads back to itself: own -> own",
            "lb.yaml:6: /pools/p0/allDown/pool: more than 8 pools stand in for one another");
  }

  @Test
  void socketsAreClosedForTcpListenersOnly() {
    assertThat(
            Configs.problems(
                folder,
                """
                listeners:
                  web: { bind: 127.0.0.1:1, routes: [ { pool: a } ], pool: b }
                  db: { bind: 127.0.0.1:2, protocol: tcp, pool: d }
                pools:
                  a: { allDown: close }
                  b: { allDown: { pool: c } }
                  c: { allDown: close }
                  d: { allDown: close }
                """))
        .containsExactlyInAnyOrder(
            "lb.yaml:5: /pools/a/allDown: 'close' is for tcp listeners, and the listener 'web',"
                + " which is none, leads here",
            "lb.yaml:7: /pools/c/allDown: 'close' is for tcp listeners, and the listener 'web',"
                + " which is none, leads here");
  }

  @Test
  void changesOfOtherThingsKeepItAndChangesOfItAreCheckedAgainstTheWhole() throws Exception {
    ConfigBinder binder = new ConfigBinder(name -> null);
    String text =
        "{'listeners':{'web':{'bind':'127.0.0.1:1','pool':'a'}},'pools':{"
            + "'a':{'allDown':{'pool':'b'},'backends':{'x':{'address':'h:1'}}},'b':{}}}";
    JsonNode before = json(text);
    LbConfig config = binder.bind(Document.of(before));

    LbConfig moved = binder.rebind(json(text.replace("h:1", "h:2")), before, config);
    assertThat(moved.pools().get("a").allDown()).isEqualTo(AllDownConfig.pool("b"));
    assertThat(moved.pools().get("a").backends().get("x").address())
        .isEqualTo(new HostPort("h", 2));

    JsonNode closes = json(text.replace("'b':{}", "'b':{'allDown':'close'}"));
    assertThatThrownBy(() -> binder.rebind(closes, before, config))
        .hasMessageContaining("'close' is for tcp listeners");
    JsonNode circle = json(text.replace("'b':{}", "'b':{'allDown':{'pool':'a'}}"));
    assertThatThrownBy(() -> binder.rebind(circle, before, config))
        .hasMessageContaining("leads back to itself");
    JsonNode relative = json(text.replace("h:1", "h:+1"));
    assertThatThrownBy(() -> binder.rebind(relative, before, config))
        .hasMessageContaining("is for tcp listeners");

    String probed = "{'pools':{'c':{'health':{'port':80},'backends':{'x':{'address':'h:+1'}}}}}";
    JsonNode fine = json(probed);
    LbConfig bound = binder.bind(Document.of(fine));
    JsonNode portless = json(probed.replace("'port':80", "'rise':1"));
    assertThatThrownBy(() -> binder.rebind(portless, fine, bound))
        .hasMessageContaining("'port' is missing");
  }
}
