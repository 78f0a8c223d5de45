@rem The command line of an installed application, on the Node program beside it.
@"%~dp0node.exe" "%~dp0app.asar.unpacked\dist\cli.js" %*
