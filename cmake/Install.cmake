# What makes an installed tree a package that find_package(fencelint) finds. runtime/ includes this too when it is built alone, so that both
# builds install the same package, one of them with fewer components (fencelintConfig.cmake.in lists them).
#
# Two things can be installed separately: `cmake --install BUILD --component tools` (program, plugin, clang-tidy module) and
# `--component runtime`. Either is complete: both bring the package's own files.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(fencelint_package ${CMAKE_INSTALL_LIBDIR}/cmake/fencelint)
set(fencelint_cmake ${CMAKE_CURRENT_LIST_DIR})

# fencelint_package_targets(COMPONENT NAME...): installs the imported targets of these components of the package, fencelint<NAME>Targets.
function(fencelint_package_targets component)
  foreach(name IN LISTS ARGN)
    install(EXPORT fencelint${name}Targets NAMESPACE fencelint:: DESTINATION ${fencelint_package} COMPONENT ${component})
  endforeach()
  configure_package_config_file(${fencelint_cmake}/fencelintConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/package/fencelintConfig.cmake
    INSTALL_DESTINATION ${fencelint_package})
  write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/package/fencelintConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/package/fencelintConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/package/fencelintConfigVersion.cmake
    DESTINATION ${fencelint_package} COMPONENT ${component})
endfunction()

fencelint_package_targets(runtime Runtime)
if(TARGET fencelintPlugin)
  fencelint_package_targets(tools Tool Plugin Tidy)
  set(fencelint_clang_release ${LLVM_VERSION_MAJOR}.${LLVM_VERSION_MINOR})
  configure_file(${fencelint_cmake}/fencelintAddPlugin.cmake.in package/fencelintAddPlugin.cmake @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/package/fencelintAddPlugin.cmake DESTINATION ${fencelint_package} COMPONENT tools)
endif()
