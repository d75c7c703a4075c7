# The JavaScript that HTML reports carry: Vega, Vega-Lite and the interpreter of Vega's expressions, as the npm lock file
# pins them. They are fetched when the build folder is configured and become a part of the program; nothing of them is
# checked in. Where npm is missing or finds nothing, the program is built all the same, and --html says what is missing.
#
# embedded/report_libraries.hpp then declares `extern const std::string_view report_libraries`, empty without them.

function(rehearse_fetch_report_libraries source folder fetched)
  set(${fetched} FALSE PARENT_SCOPE)
  set(wanted)
  foreach(file package.json package-lock.json .npmrc)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source}/${file})
    file(SHA256 ${source}/${file} digest)
    string(APPEND wanted ${digest})
  endforeach()
  set(stamp ${folder}/fetched.txt)
  if(EXISTS ${stamp})
    file(READ ${stamp} present)
    if(present STREQUAL wanted)
      set(${fetched} TRUE PARENT_SCOPE)
      return()
    endif()
  endif()
  find_program(NODE node)
  find_program(NPM npm)
  if(NOT NODE OR NOT NPM)
    message(NOTICE "Node.js and npm are not here: HTML reports are left out of the program.")
    return()
  endif()
  file(COPY ${source}/package.json ${source}/package-lock.json ${source}/.npmrc DESTINATION ${folder})
  execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund WORKING_DIRECTORY ${folder}
                  RESULT_VARIABLE result OUTPUT_FILE ${folder}/npm.log ERROR_FILE ${folder}/npm.log TIMEOUT 300)
  if(NOT result EQUAL 0)
    message(NOTICE "npm could not fetch the libraries of HTML reports, which are left out of the program; its log is "
                   "${folder}/npm.log")
    return()
  endif()
  file(WRITE ${stamp} ${wanted})
  set(${fetched} TRUE PARENT_SCOPE)
endfunction()

# One script of the three, with their licences. The interpreter is published as a module only; here it is a function.
function(rehearse_bundle_report_libraries folder bundle)
  set(text)
  file(GLOB licences ${folder}/node_modules/vega*/LICENSE* ${folder}/node_modules/d3-*/LICENSE*)
  set(told)
  foreach(licence IN LISTS licences)
    file(READ ${licence} words)
    string(SHA256 digest "${words}")
    if(NOT digest IN_LIST told)
      list(APPEND told ${digest})
      cmake_path(GET licence PARENT_PATH package)
      cmake_path(GET package FILENAME package)
      string(APPEND text "/*! ${package}\n${words}*/\n")
    endif()
  endforeach()
  foreach(library vega/build/vega.min.js vega-lite/build/vega-lite.min.js)
    file(READ ${folder}/node_modules/${library} script)
    string(APPEND text "${script}\n")
  endforeach()
  file(READ ${folder}/node_modules/vega-interpreter/build/vega-interpreter.js script)
  set(module ${script})
  string(REGEX REPLACE "^import ({[^}]*}) from 'vega-util';" "const \\1 = vega;" script "${script}")
  string(REPLACE "export { expression as expressionInterpreter };" "window.vegaInterpreter = expression;" script
         "${script}")
  if(script MATCHES "\n(import|export) " OR script STREQUAL module)
    message(FATAL_ERROR "vega-interpreter imports or exports in another way than libraries.cmake knows")
  endif()
  string(APPEND text "(() => {\n${script}\n})();\n")
  # Source maps are not there, and the end of a script within a script would end it.
  string(REGEX REPLACE "//# sourceMappingURL=[^\n]*" "" text "${text}")
  string(REPLACE "</script" "<\\/script" text "${text}")
  file(CONFIGURE OUTPUT ${bundle} CONTENT "@text@" @ONLY)
endfunction()

function(rehearse_embed_report_libraries target source)
  set(folder ${CMAKE_BINARY_DIR}/report_libraries)
  set(bundle ${folder}/bundle.js)
  rehearse_fetch_report_libraries(${source} ${folder} fetched)
  if(fetched)
    rehearse_bundle_report_libraries(${folder} ${bundle})
    set(definition "
asm(R\"(
  .pushsection .rodata
  .globl rehearse_report_libraries
  .globl rehearse_report_libraries_end
rehearse_report_libraries:
  .incbin \"${bundle}\"
rehearse_report_libraries_end:
  .popsection
)\");
extern \"C\" const char rehearse_report_libraries[], rehearse_report_libraries_end[];
namespace rehearse::embedded {
const std::string_view report_libraries(rehearse_report_libraries,
                                        static_cast<std::size_t>(rehearse_report_libraries_end - rehearse_report_libraries));
}
")
  else()
    set(definition "
namespace rehearse::embedded {
const std::string_view report_libraries;
}
")
  endif()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/embedded/embedded/report_libraries.hpp @ONLY CONTENT
"// The JavaScript libraries of HTML reports; empty where they could not be fetched.
#pragma once
#include <string_view>
namespace rehearse::embedded {
extern const std::string_view report_libraries;
}
")
  set(generated ${CMAKE_BINARY_DIR}/embedded/report_libraries.cpp)
  file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT "#include \"embedded/report_libraries.hpp\"
@definition@")
  if(fetched)
    set_source_files_properties(${generated} PROPERTIES OBJECT_DEPENDS ${bundle})
  endif()
  target_sources(${target} PRIVATE ${generated})
  set(REHEARSE_REPORT_LIBRARIES ${fetched} PARENT_SCOPE)
endfunction()
