// Upstream's tests (tests/test.cpp), without those whose headers the source package lacks, because flatc makes them while it
// is built, and without those of buffers whose size is of 64 bits, which are for machines where a size_t is.

#include "tests/evolution_test.h"
#include "tests/flexbuffers_test.h"
#include "tests/json_test.h"
#include "tests/key_field_test.h"
#include "tests/monster_test.h"
#include "tests/optional_scalars_test.h"
#include "tests/parser_test.h"
#include "tests/proto_test.h"
#include "tests/test_assert.h"
#include "tests/util_test.h"

using namespace flatbuffers::tests;

int main() {
  InitTestEngine();
  const std::string data = "tests/";

  std::string raw;
  flatbuffers::DetachedBuffer made = CreateFlatBufferTest(raw);
  AccessFlatBufferTest(made.data(), made.size());
  MutateFlatBuffersTest(made.data(), made.size());
  ObjectFlatBuffersTest(made.data());
  UnPackTo(made.data());
  SizePrefixedTest();
  TestMonsterExtraFloats(data);
  EnumNamesTest();
  TypeAliasesTest();
  ParseAndGenerateTextTest(data, false);
  ParseAndGenerateTextTest(data, true);

  EvolutionTest(data);
  ConformTest();
  UnionDeprecationTest(data);

  FlexBuffersTest();
  FlexBuffersReuseBugTest();
  FlexBuffersFloatingPointTest();
  FlexBuffersDeprecatedTest();
  ParseFlexbuffersFromJsonWithNullTest();

  JsonDefaultTest(data);
  JsonEnumsTest(data);
  JsonOptionalTest(data, false);
  JsonOptionalTest(data, true);
  ParseIncorrectMonsterJsonTest(data);
  JsonUnsortedArrayTest();
  JsonUnionStructTest();

  FixedSizedScalarKeyInStructTest();
  StructKeyInStructTest();
  NestedStructKeyInStructTest();
  FixedSizedStructArrayKeyInStructTest();
  OptionalScalarsTest();

  ErrorTest();
  EnumOutOfRangeTest();
  IntegerOutOfRangeTest();
  InvalidFloatTest();
  UnicodeInvalidSurrogatesTest();
  InvalidUTF8Test();
  ValueTest();
  NestedListTest();
  EnumStringsTest();
  EnumValueTest();
  IntegerBoundaryTest();
  ValidFloatTest();
  UnicodeTest();
  UnicodeTestAllowNonUTF8();
  UnicodeTestGenerateTextFailsOnNonUTF8();
  UnicodeSurrogatesTest();
  UnknownFieldsTest();
  ParseUnionTest();
  ValidSameNameDifferentNamespaceTest();
  WarningsAsErrorsTest();
  StringVectorDefaultsTest();
  FieldIdentifierTest();

  ParseProtoTest(data);
  ParseProtoBufAsciiTest();

  NumericUtilsTest();
  IsAsciiUtilsTest();
  UtilConvertCase();

  return CloseTestEngine();
}
