// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutreader.h"

#include "models/layouts/layoutbuilder.h"
#include "models/layouts/layoutdocument.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace pulsedeck {

namespace {

class ReaderTexts
{
    Q_DECLARE_TR_FUNCTIONS(ReaderTexts)
};

} // namespace

LayoutReading LayoutReader::read(const QByteArray &json, const QString &file)
{
    LayoutReading reading;
    const LayoutDocument document(json);
    reading.problems = document.problems();
    if (reading.problems.empty()) {
        LayoutBuilder builder(document.root());
        Layout layout = builder.build();
        for (LayoutProblem problem : builder.problems()) {
            problem.line = document.lineOf(problem.path);
            if (reading.problems.size() < LayoutDocument::mostProblems)
                reading.problems.push_back(problem);
        }
        layout.json = json;
        layout.file = file;
        if (reading.problems.empty())
            reading.layout = std::move(layout);
    }
    for (LayoutProblem &problem : reading.problems)
        problem.file = file;
    return reading;
}

LayoutReading LayoutReader::readFile(const QString &path)
{
    QFile file(path);
    // Opening a pipe would wait for its writer.
    const bool isFile = QFileInfo(path).isFile();
    if (!isFile || !file.open(QIODevice::ReadOnly)) {
        const QString why = QFileInfo::exists(path) && !isFile ? ReaderTexts::tr("It is not a file.") : file.errorString();
        return {{}, {{path, 0, {}, isFile || QFileInfo::exists(path) ? why : ReaderTexts::tr("There is no such file.")}}};
    }
    return read(file.read(LayoutDocument::mostBytes + 1), path);
}

} // namespace pulsedeck
