package io.millrace.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.access.InvalidPolicyException;
import io.millrace.engine.access.PolicyDocument;
import io.millrace.gateway.settings.AccessKey;
import io.millrace.gateway.settings.AuthMode;
import io.millrace.gateway.settings.GatewaySettings;
import io.millrace.gateway.settings.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class ServerCommandTest {

  @TempDir private Path directory;

  @Test
  void needsNoOptions() {
    Config config = settings(Map.of(), "server");
    GatewaySettings settings = GatewaySettings.of(config);
    assertThat(settings.address().getPort()).isEqualTo(4567);
    assertThat(settings.address().getAddress().isLoopbackAddress()).isTrue();
    assertThat(settings.auth()).isEqualTo(AuthMode.OFF);
    assertThat(config.getString("millrace.storage.directory")).isEqualTo("millrace-data");
    assertThat(config.getString("millrace.limits.mode")).isEqualTo("kinesis");
  }

  @Test
  void takesOptionsBeforeTheEnvironmentAndBothBeforeTheFile() throws IOException {
    Path file = directory.resolve("millrace.conf");
    Files.writeString(
        file,
        """
        millrace.gateway { port = 1, max-connections = 7, auth = lenient }
        millrace.account.region = eu-north-1
        millrace.storage.directory = from-the-file
        """);
    Map<String, String> environment =
        Map.of("MILLRACE_PORT", "2", "MILLRACE_LIMITS", "off", "MILLRACE_CONFIG", file.toString());

    Config config = settings(environment, "server", "--port", "3");

    GatewaySettings settings = GatewaySettings.of(config);
    assertThat(settings.address().getPort()).isEqualTo(3);
    assertThat(settings.bounds().maxConnections()).isEqualTo(7);
    assertThat(settings.auth()).isEqualTo(AuthMode.LENIENT);
    assertThat(config.getString("millrace.limits.mode")).isEqualTo("off");
    assertThat(config.getString("millrace.account.region")).isEqualTo("eu-north-1");
    assertThat(config.getString("millrace.storage.directory")).isEqualTo("from-the-file");
    assertThat(GatewaySettings.of(settings(environment, "server")).address().getPort())
        .isEqualTo(2);
  }

  @Test
  void writesAnAuditLogIfAsked() {
    assertThat(GatewaySettings.of(settings(Map.of(), "server")).audit().file()).isEmpty();
    GatewaySettings.Audit audit =
        GatewaySettings.of(
                settings(
                    Map.of("MILLRACE_AUDIT_DATA", "true"), "server", "--audit-log", "audit.log"))
            .audit();
    assertThat(audit).isEqualTo(new GatewaySettings.Audit(Optional.of(Path.of("audit.log")), true));
  }

  @Test
  void knowsWhoseAnAccessKeyIs() {
    List<AccessKey> keys =
        GatewaySettings.of(
                ConfigFactory.parseString(
                        """
                        millrace.account.id = "111111111111"
                        millrace.gateway.access-keys = [
                          { id = A, secret = s }
                          { id = B, secret = s, account = "123456789012", user = miller,
                            policies = [] }
                          { id = C, secret = s, arn = "arn:aws:sts::111111111111:assumed-role/r/s" }
                        ]
                        """)
                    .withFallback(ConfigFactory.load()))
            .accessKeys();
    assertThat(keys)
        .extracting(key -> key.principal().arn())
        .containsExactly(
            "arn:aws:iam::111111111111:user/A",
            "arn:aws:iam::123456789012:user/miller",
            "arn:aws:sts::111111111111:assumed-role/r/s");
    assertThat(keys.get(0).policies()).containsExactly(PolicyDocument.FULL_ACCESS);
    assertThat(keys.get(1).policies()).isEmpty();
    assertThatThrownBy(
            () ->
                GatewaySettings.of(
                    ConfigFactory.parseString(
                            "millrace.gateway.access-keys = [{ id = A, secret = s, policies = [{}]"
                                + " }]")
                        .withFallback(ConfigFactory.load())))
        .isInstanceOf(InvalidPolicyException.class);
  }

  @Test
  void takesTheAccountOfAnAccessKeyFromItsArn() {
    assertThat(
            accessKeys("{ id = A, secret = s, arn = \"arn:aws:iam::123456789012:user/miller\" }")
                .get(0)
                .principal()
                .accountId())
        .isEqualTo("123456789012");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ id = A, secret = s, arn = \"arn:aws:iam::123456789012:user/m\", account = 111111111111"
            + " }",
        "{ id = A, secret = s, arn = miller }",
        "{ id = A, secret = s, arn = \"arn:aws:iam::12:user/miller\" }",
        "{ id = A, secret = s, account = 12 }",
        "{ id = A, secret = \"\" }",
        "{ id = \" \", secret = s }",
        "{ id = A, secret = s }, { id = A, secret = t }"
      })
  void refusesAccessKeysThatAreNone(String keys) {
    assertThatThrownBy(() -> accessKeys(keys)).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<AccessKey> accessKeys(String keys) {
    return GatewaySettings.of(
            ConfigFactory.parseString("millrace.gateway.access-keys = [%s]".formatted(keys))
                .withFallback(ConfigFactory.load()))
        .accessKeys();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ADMIN:", "ADMIN: ", ":secret", "ADMIN"})
  void refusesAccessKeysWithoutIdOrSecret(String keys) {
    assertThatThrownBy(() -> settings(Map.of("MILLRACE_ACCESS_KEYS", keys), "server"))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("ID:SECRET");
  }

  @Test
  void showsMetricsToThisMachineUnlessTold() {
    assertThat(GatewaySettings.of(settings(Map.of(), "server")).metrics()).isTrue();
    assertThat(
            GatewaySettings.of(
                    settings(Map.of(), "server", "--host", "0.0.0.0", "--auth", "lenient"))
                .metrics())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "off"})
  void showsMetricsIfAskedTo(String asked) throws IOException {
    Path file = directory.resolve("millrace.conf");
    Files.writeString(file, "millrace.gateway { auth = lenient, metrics = %s }".formatted(asked));
    for (String host : List.of("0.0.0.0", "127.0.0.1")) {
      assertThat(
              GatewaySettings.of(
                      settings(Map.of(), "server", "--config", file.toString(), "--host", host))
                  .metrics())
          .isEqualTo(asked.equals("on"));
    }
  }

  @Test
  void takesPlainTextFromThisMachineUnlessTold() {
    assertThat(GatewaySettings.of(settings(Map.of(), "server")).plain()).isEqualTo(PlainText.ALLOW);
    assertThat(GatewaySettings.of(settings(Map.of(), "server", "--plain", "refuse")).plain())
        .isEqualTo(PlainText.REFUSE);
    String[] open = {"server", "--host", "0.0.0.0", "--auth", "lenient"};
    assertThat(GatewaySettings.of(settings(Map.of(), open)).plain()).isEqualTo(PlainText.REFUSE);
    assertThat(GatewaySettings.of(settings(Map.of("MILLRACE_PLAIN", "allow"), open)).plain())
        .isEqualTo(PlainText.ALLOW);
    Config neither =
        ConfigFactory.parseString("millrace.gateway.plain = perhaps")
            .withFallback(ConfigFactory.load());
    assertThatThrownBy(() -> GatewaySettings.of(neither)).hasMessageContaining("allow or refuse");
  }

  @Test
  void takesAccessKeys() {
    GatewaySettings settings =
        GatewaySettings.of(
            settings(
                Map.of("MILLRACE_ACCESS_KEYS", "AKID:se/cr:et,OTHER:x"),
                "server",
                "--auth",
                "strict"));
    assertThat(settings.accessKeys()).extracting("id").containsExactly("AKID", "OTHER");
    assertThat(settings.accessKeys().get(0).secret()).isEqualTo("se/cr:et");
    assertThat(settings.toString()).doesNotContain("se/cr");
  }

  @Test
  void isNotOpenToTheWorldWithoutSignatures() {
    Config config = settings(Map.of(), "server", "--host", "0.0.0.0");
    assertThatThrownBy(() -> GatewaySettings.of(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("authentication off is for loopback addresses only");
    assertThatThrownBy(() -> GatewaySettings.of(settings(Map.of(), "server", "--auth", "strict")))
        .hasMessageContaining("at least one access key");
    assertThatThrownBy(
            () -> GatewaySettings.of(settings(Map.of(), "server", "--tls-key", "key.pem")))
        .hasMessageContaining("certificate");
  }

  @Test
  void readsStreamsToCreate() {
    assertThat(NewStream.parse("orders:4, audit:1,clicks,old:2:eu-west-1,"))
        .containsExactly(
            new NewStream("orders", 4),
            new NewStream("audit", 1),
            new NewStream("clicks", 0),
            new NewStream("old", 2));
    CommandLine main = Main.commandLine(Map.of("INITIALIZE_STREAMS", "a:1"));
    main.parseArgs("server");
    assertThat(
            main.getSubcommands()
                .get("server")
                .getCommandSpec()
                .findOption("--create")
                .<String>getValue())
        .isEqualTo("a:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:0", "a b:1", "a:x:1:2", ":1", "a:-1"})
  void refusesStreamsThatItCannotRead(String text) {
    assertThatThrownBy(() -> NewStream.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void explainsItself() {
    StringWriter out = new StringWriter();
    CommandLine main = Main.commandLine(Map.of()).setOut(new PrintWriter(out));
    assertThat(main.execute("server", "--help")).isZero();
    assertThat(out.toString())
        .contains("--port", "--data", "--create", "--limits", "--auth", "AWS_ENDPOINT_URL_KINESIS");
  }

  @Test
  void saysInOneLineWhatKeepsItFromStarting() {
    StringWriter err = new StringWriter();
    CommandLine main = Main.commandLine(Map.of()).setErr(new PrintWriter(err));
    assertThat(main.execute("server", "--host", "0.0.0.0", "--port", "0")).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1).first().asString().startsWith("millrace: ");
  }

  private static Config settings(Map<String, String> environment, String... arguments) {
    CommandLine main = Main.commandLine(environment);
    main.parseArgs(arguments);
    ServerCommand command =
        (ServerCommand) main.getSubcommands().get("server").getCommandSpec().userObject();
    return command.settings();
  }
}
