// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/layoutdialog.h"

#include "models/core/visibletext.h"
#include "models/layouts/layoutpattern.h"
#include "models/layouts/layoutreader.h"
#include "models/layouts/layouttraits.h"
#include "models/sources/systemchoice.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/formrows.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace pulsedeck {

LayoutDialog::LayoutDialog(const UnknownBeats &keys, const QString &folder, QWidget *parent)
    : QDialog(parent)
    , m_folder(folder)
    , m_title(nullptr)
    , m_pattern(new QComboBox)
    , m_prefix(nullptr)
    , m_file((new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small))->elided(Qt::ElideMiddle)->named(u"layoutFile"_s))
    , m_note(nullptr)
    , m_said(nullptr)
    , m_open(plainButton(tr("&Open file"), u"openLayout"_s, this))
    , m_again(plainButton(tr("&Read again"), u"readLayout"_s, this))
    , m_close(plainButton(tr("Cancel"), u"closeLayout"_s, this))
    , m_save(plainButton(tr("&Save layout"), u"saveLayout"_s, this, ButtonRole::Primary))
{
    setObjectName(u"layoutDialog"_s);
    setModal(true);
    setWindowTitle(tr("Layout for %1").arg(visibleText(QString::fromUtf8(keys.keys))));
    build(keys);
    connect(m_title, &QLineEdit::textChanged, this, &LayoutDialog::review);
    connect(m_prefix, &QLineEdit::textChanged, this, &LayoutDialog::review);
    connect(m_pattern, &QComboBox::currentIndexChanged, this, &LayoutDialog::review);
    connect(m_save, &QPushButton::clicked, this, &LayoutDialog::save);
    connect(m_open, &QPushButton::clicked, this, &LayoutDialog::openFile);
    connect(m_again, &QPushButton::clicked, this, &LayoutDialog::readBack);
    connect(m_close, &QPushButton::clicked, this, &LayoutDialog::reject);
    m_save->setDefault(true);
    m_title->setFocus();
    m_title->selectAll();
    review();
}

void LayoutDialog::build(const UnknownBeats &keys)
{
    auto *form = new QWidget(this);
    FormRows rows(*form);
    m_title = rows.edit(u"layoutTitle"_s, tr("Name"));
    m_prefix = rows.edit(u"layoutPrefix"_s, tr("Prefix or key"));
    QString own = QString::fromUtf8(keys.prefix);
    while (own.endsWith(u':') || own.endsWith(u'/') || own.endsWith(u'.'))
        own.chop(1);
    m_title->setText(own.replace(u':', u' '));
    m_title->setMaxLength(60);
    m_prefix->setText(QString::fromUtf8(keys.prefix));
    m_prefix->setMaxLength(SystemChoice::longestPrefix);
    m_pattern->setObjectName(u"layoutPattern"_s);
    m_pattern->setAccessibleName(tr("Pattern"));
    for (const Layout *pattern : LayoutPattern::all())
        m_pattern->addItem(layoutText(pattern->title), pattern->name);
    m_pattern->setCurrentIndex(qMax(0, m_pattern->findData(keys.pattern)));
    rows.add(tr("&Name"), m_title, m_title);
    rows.add(m_file);
    rows.add(tr("P&attern"), m_pattern, m_pattern);
    m_note = rows.addNote();
    m_note->setObjectName(u"layoutNote"_s);
    rows.add(tr("Pre&fix or key"), m_prefix, m_prefix);
    m_said = rows.addNote();
    m_said->setObjectName(u"layoutSaid"_s);
    m_said->setTextInteractionFlags(Qt::TextSelectableByMouse);
    rows.alignCaptions();

    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = hbox(footer, -1, {16, 11, 16, 11});
    addWidgets(buttons, {m_open, m_again});
    buttons->addStretch(1);
    addWidgets(buttons, {m_close, m_save});
    auto *content = vbox(nullptr, 0, {20, 18, 20, 18});
    content->addWidget(form);
    content->addStretch(1);
    auto *whole = vbox(this, 0);
    whole->addLayout(content, 1);
    whole->addWidget(footer);
    setMinimumWidth(px(560));
}

QString LayoutDialog::file() const
{
    return m_written.isEmpty() ? QDir(m_folder).filePath(LayoutPattern::nameFor(m_title->text()) + u".json"_s) : m_written;
}

void LayoutDialog::review()
{
    const bool written = !m_written.isEmpty();
    const QString name = LayoutPattern::nameFor(m_title->text());
    const std::vector<const Layout *> patterns = LayoutPattern::all();
    const Layout *const pattern = patterns.at(size_t(qMax(0, m_pattern->currentIndex())));
    m_note->setText(layoutText(pattern->note));
    const bool there = !name.isEmpty() && QFileInfo::exists(file());
    const bool prefix = !m_prefix->text().isEmpty() && SystemChoice::isPrefix(m_prefix->text());
    setInvalid(m_title, !written && (name.isEmpty() || there));
    setInvalid(m_prefix, !prefix);
    m_file->setText(written          ? tr("Saved as %1").arg(m_written)
                    : name.isEmpty() ? tr("A name needs a letter.")
                    : there          ? tr("%1 is there already: choose another name.").arg(file())
                                     : tr("Will be saved as %1").arg(file()));
    for (QWidget *field : std::initializer_list<QWidget *>{m_title, m_pattern, m_prefix})
        field->setEnabled(!written);
    m_save->setEnabled(!written && !name.isEmpty() && !there && prefix);
    m_save->setVisible(!written);
    m_open->setVisible(written);
    m_again->setVisible(written);
    m_close->setText(written ? tr("Close") : tr("Cancel"));
}

void LayoutDialog::save()
{
    const QString path = file();
    const Layout &pattern = *LayoutPattern::all().at(size_t(qMax(0, m_pattern->currentIndex())));
    const QByteArray text =
        LayoutPattern::fill(pattern, LayoutPattern::nameFor(m_title->text()), m_title->text().simplified(), m_prefix->text());
    QFile out(path);
    // NewOnly: what another program has written meanwhile stays.
    const bool written = QDir().mkpath(m_folder) && out.open(QIODevice::WriteOnly | QIODevice::NewOnly)
                         && out.write(text) == text.size() && out.flush();
    if (!written) {
        m_said->setTone(ToneLabel::Tone::Stale);
        m_said->setText(tr("%1 cannot be written: %2").arg(path, out.errorString()));
        return;
    }
    out.close();
    // With it an editor completes and explains what may stand in the file.
    QFile::copy(u":/layouts/layout.schema.json"_s, QDir(m_folder).filePath(u"layout.schema.json"_s));
    m_written = path;
    review();
    readBack();
    m_open->setFocus();
}

void LayoutDialog::openFile()
{
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(m_written))) {
        m_said->setTone(ToneLabel::Tone::Late);
        m_said->setText(tr("No program opens it: change %1 with an editor, then read it again.").arg(m_written));
    }
}

void LayoutDialog::readBack()
{
    const LayoutReading reading = LayoutReader::readFile(m_written);
    QStringList problems;
    for (const LayoutProblem &problem : reading.problems)
        problems.append(problem.toString());
    m_said->setTone(problems.isEmpty() ? ToneLabel::Tone::Alive : ToneLabel::Tone::Stale);
    m_said->setText(problems.isEmpty() ? tr("It has no mistake. It is used from the next look on.") : problems.join(u'\n'));
    // The form is asked before the dialog: else the dialog does not know yet that there is more to show.
    m_said->parentWidget()->layout()->activate();
    layout()->activate();
    adjustSize();
    if (problems.isEmpty())
        emit made();
}

} // namespace pulsedeck
