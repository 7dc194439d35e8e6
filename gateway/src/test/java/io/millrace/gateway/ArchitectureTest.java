package io.millrace.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the arrows between the rooms of the gateway, from the program to the bytes. */
class ArchitectureTest {

  private static final String GATEWAY = "io.millrace.gateway";

  private static final Map<String, Set<String>> SEES =
      Map.of(
          "http", Set.of("call", "settings"),
          "auth", Set.of("call", "settings"),
          "access", Set.of("call"),
          "audit", Set.of("call"),
          "call", Set.of("wire", "model"),
          "wire", Set.of("model"),
          "model", Set.of(),
          "settings", Set.of());

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(GATEWAY);

  @TestFactory
  Stream<DynamicTest> roomsSeeOnlyWhatIsBelow() {
    return SEES.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey() + " sees only " + entry.getValue(),
                    () -> seesOnly(entry.getKey(), entry.getValue())));
  }

  @Test
  void onlyTheDoorKnowsSockets() {
    noClasses()
        .that(
            resideInAnyPackage(
                GATEWAY + ".auth..",
                GATEWAY + ".access..",
                GATEWAY + ".audit..",
                GATEWAY + ".call..",
                GATEWAY + ".wire..",
                GATEWAY + ".model.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..")
        .check(CLASSES);
  }

  /** A gateway in somebody's process calls no functions of the operating system. */
  @Test
  void onlyTheProgramReplacesItsProcess() {
    noClasses()
        .that(resideOutsideOfPackage(GATEWAY + ".server.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.sun.jna..")
        .check(CLASSES);
  }

  @Test
  void seesOfTheEngineWhatUsersSee() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("io.millrace..")
                .or(
                    resideInAnyPackage(
                        GATEWAY + "..",
                        "io.millrace.engine",
                        "io.millrace.engine.access..",
                        "io.millrace.engine.api..",
                        "io.millrace.engine.keys..",
                        "io.millrace.engine.model..",
                        "io.millrace.engine.storage..",
                        "io.millrace.fanout",
                        "io.millrace.channels")))
        .check(CLASSES);
  }

  private static void seesOnly(String room, Set<String> others) {
    String[] visible =
        Stream.concat(Stream.of(room), others.stream())
            .map(name -> GATEWAY + "." + name + "..")
            .toArray(String[]::new);
    classes()
        .that(resideInAPackage(GATEWAY + "." + room + ".."))
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(GATEWAY + "..").or(resideInAnyPackage(visible)))
        .check(CLASSES);
  }
}
