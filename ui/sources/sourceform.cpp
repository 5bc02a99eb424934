// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/sourceform.h"

#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/addressguard.h"
#include "ui/sources/addressrows.h"
#include "ui/sources/environmentcards.h"
#include "ui/sources/loginrows.h"
#include "ui/sources/ownrows.h"
#include "ui/sources/systemlist.h"
#include "ui/sources/systemrows.h"
#include "ui/sources/tlsrows.h"
#include "ui/sources/tokenrows.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// The address with user and path, so that the line says all but the secret.
QString urlOf(const SourceSettings &settings)
{
    QString url = settings.addressWith(settings.has(SourceField::Path) ? settings.path : QString());
    if (!settings.user.isEmpty()) {
        const qsizetype at = url.indexOf("://"_L1) + 3;
        url.insert(at, QString::fromLatin1(QUrl::toPercentEncoding(settings.user)) + u'@');
    }
    return url;
}

/// Empties the field's undo too.
void setTextKeepingCursor(QLineEdit *field, const QString &text)
{
    const int cursor = qMax(0, int(field->cursorPosition() - (field->text().size() - text.size())));
    field->setText(text);
    field->setCursorPosition(cursor);
}

/// Whether \a now comes from \a before by one character more or less: else a line was pasted, or began again.
bool isTypedOn(const QString &before, const QString &now)
{
    const QString &longer = before.size() > now.size() ? before : now;
    const QString &shorter = before.size() > now.size() ? now : before;
    if (longer.size() - shorter.size() > 1)
        return false;
    const auto differs = std::mismatch(shorter.begin(), shorter.end(), longer.begin());
    const qsizetype same = differs.first - shorter.begin();
    return shorter.mid(same) == longer.right(shorter.size() - same);
}

bool isUntouchedDefault(const SourceSettings &settings)
{
    const QList<SourceKind> kinds = SourceKind::all();
    return settings.id == 0 && std::any_of(kinds.begin(), kinds.end(), [&settings](SourceKind kind) {
               return settings.address() == SourceSettings::ofKind(kind).address();
           });
}

/// What a source is called that was given no name here.
QString nameByAddress(const SourceSettings &settings)
{
    return settings.socketPath.isEmpty() ? settings.usualName() : QFileInfo(settings.socketPath).fileName();
}

} // namespace

SourceForm::SourceForm(const SourceSettings &settings, SecretStore *secrets, QWidget *parent)
    : QWidget(parent)
    , m_original(settings)
    , m_rows(*this)
    , m_kind(settings.kind)
{
    build(secrets);
    fill(settings);
    // What a new source would be called anyway is shown as such, and follows the address.
    const QString usual = settings.usualName();
    m_name->setText(settings.id != 0 || settings.name != usual ? settings.name : QString());
    m_readOnly->setChecked(settings.readOnly);
    m_environment->setEnvironment(settings.environment);
    if (!isUntouchedDefault(settings))
        m_url->setText(urlOf(settings));
    setKind(settings.kind);
    m_steady = fields();
    m_lastUrl = m_url->text();
    review();
}

SourceForm::~SourceForm()
{
    m_url->disconnect(this); // It loses its focus when it is deleted, which would report the end of an edit.
}

void SourceForm::build(SecretStore *secrets)
{
    m_url = m_rows.edit(u"url"_s, tr("Address"));
    m_name = m_rows.edit(u"name"_s, tr("Name"));
    m_kinds = new SegmentedRow(tr("Kind"), this);
    for (const SourceKind kind : SourceKind::all()) {
        QPushButton *const button = m_kinds->add(kind.index(), kind->traits()->system, u"kind"_s + capitalised(kind->name()));
        if (m_original.id == 0)
            continue;
        button->setEnabled(kind == m_original.kind);
        button->setToolTip(tr("A source keeps its kind: add another one instead"));
    }

    m_rows.add(tr("&Address"), m_url, m_url);
    m_urlMessage = m_rows.addMessage();
    m_takenMessage = m_rows.addMessage();
    m_takenMessage->setTone(ToneLabel::Tone::Late);
    m_takenMessage->setObjectName(u"takenMessage"_s);
    m_rows.add(tr("&Name"), m_name, m_name);
    m_rows.add(tr("Kind"), nullptr, m_kinds);
    m_parts.append(new AddressRows(m_rows, m_kind, this));
    m_parts.append(m_tls = new TlsRows(m_rows, m_original, this));
    m_parts.append(m_login = new LoginRows(m_rows, m_original, secrets, this));
    m_parts.append(m_token = new TokenRows(m_rows, m_original, secrets, this));
    m_parts.append(m_own = new OwnRows(m_rows, m_original, this));
    m_environment = new EnvironmentCards(this);
    m_rows.add(tr("Environment"), nullptr, m_environment);
    m_readOnly = new QCheckBox(tr("&Read-only: nothing is ever written here"), this);
    m_readOnly->setObjectName(u"readOnly"_s);
    m_rows.add(m_readOnly);
    m_parts.append(m_systems = new SystemRows(m_rows, m_kind, this));
    connect(&m_systems->list(), &SystemList::lookAgainRequested, this, &SourceForm::lookAgainRequested);
    connect(&m_systems->list(), &SystemList::layoutRequested, this, &SourceForm::layoutRequested);
    m_rows.alignCaptions();

    connect(m_url, &QLineEdit::textEdited, this, &SourceForm::onUrlEdited);
    connect(m_url, &QLineEdit::editingFinished, this, &SourceForm::dropBareMark);
    QList<QLineEdit *> plain{m_name};
    for (const FormPart *part : std::as_const(m_parts))
        plain += part->plainFields();
    for (QLineEdit *field : std::as_const(plain))
        connect(field, &QLineEdit::textEdited, this, [this, field] { guard(field); });
    connect(m_name, &QLineEdit::textEdited, this, &SourceForm::onFieldEdited);
    for (FormPart *part : std::as_const(m_parts))
        connect(part, &FormPart::edited, this, &SourceForm::onFieldEdited);
    connect(m_kinds, &SegmentedRow::chosen, this, [this](int kind) {
        setKind(SourceKind::at(kind));
        onFieldEdited();
    });

    connect(m_environment, &EnvironmentCards::chosen, this, &SourceForm::edited);
    connect(m_name, &QLineEdit::textChanged, this, &SourceForm::edited);
    connect(m_readOnly, &QCheckBox::toggled, this, &SourceForm::edited);
}

void SourceForm::focusAddress()
{
    m_url->setFocus(Qt::OtherFocusReason);
}

void SourceForm::fill(const SourceSettings &settings)
{
    for (FormPart *part : std::as_const(m_parts))
        part->fill(settings);
}

void SourceForm::setKind(SourceKind kind)
{
    const bool changes = kind != m_kind;
    m_kind = kind;
    m_kinds->setChoice(kind.index());
    m_url->setPlaceholderText(kind->traits()->exampleAddress);
    for (FormPart *part : std::as_const(m_parts))
        part->setKind(kind);
    if (changes)
        emit kindChanged(kind);
}

SourceSettings SourceForm::fields() const
{
    SourceSettings s = m_original;
    s.kind = m_kind;
    s.name = m_name->text().simplified();
    for (const FormPart *part : m_parts)
        part->read(s);
    s.environment = m_environment->environment();
    s.readOnly = m_readOnly->isChecked();
    return s;
}

SourceSettings SourceForm::settings() const
{
    SourceSettings s = fields();
    if (s.name.isEmpty())
        s.name = nameByAddress(s);
    return s;
}

SourceSettings SourceForm::testSettings() const
{
    SourceSettings s = settings();
    m_token->useTyped(s);
    m_login->useTyped(s);
    return s;
}

void SourceForm::focusLogin()
{
    for (FormPart *part : std::as_const(m_parts)) {
        if (part->focusSecret())
            return;
    }
}

void SourceForm::trust(const QString &fingerprint)
{
    m_tls->trust(fingerprint);
}

void SourceForm::moveTo(const QString &address)
{
    const SourceSettings before = fields();
    const std::optional<SourceSettings> there = m_kind->moved(before, address);
    if (!there)
        return;
    SourceSettings s = *there;
    s.systems = before.systems;
    fill(s);
    m_login->takePassword(s.password);
    m_own->setSecrets(s);
    onFieldEdited();
}

void SourceForm::showFound(const DetectionReport &report, bool canLookAgain)
{
    m_foundFor = fields();
    m_systems->list().setReport(report);
    m_systems->list().setCanLookAgain(canLookAgain);
    m_systems->setKind(m_kind);
    review();
}

void SourceForm::setCanMakeLayout(bool can)
{
    m_systems->list().setCanMakeLayout(can);
}

SystemList *SourceForm::takeSystems()
{
    return m_systems->takeList();
}

int SourceForm::chosenSystems() const
{
    return m_kind->has(SourceField::Systems) ? m_systems->list().chosenCount() : 0;
}

void SourceForm::keep(const std::function<void(bool)> &then)
{
    m_token->keep(fields(), [this, then](bool kept) {
        if (kept)
            m_login->keep(fields(), then);
        else
            then(false);
    });
}

void SourceForm::takePassword()
{
    const QString text = m_url->text();
    const qsizetype scheme = text.indexOf("://"_L1);
    const qsizetype from = scheme < 0 ? 0 : scheme + 3;
    // Behind the first of these an @ belongs to an SSH user. What else is behind a ? may be the rest of a password.
    static const QRegularExpression way(u"[?&](?:ssh|jump)="_s);
    const QRegularExpressionMatch wayMatch = way.match(text);
    const qsizetype at = text.left(wayMatch.hasMatch() ? wayMatch.capturedStart() : text.size()).lastIndexOf(u'@');
    const qsizetype colon = text.indexOf(u':', from);
    if (at < from || colon < 0 || colon > at)
        return;
    m_login->takePassword(QUrl::fromPercentEncoding(text.mid(colon + 1, at - colon - 1).toUtf8()));
    // Without a user nothing is left before the @.
    setTextKeepingCursor(m_url, text.left(colon) + text.mid(colon == from ? at + 1 : at));
}

/// A token pasted into a plain field would be shown, and remembered.
void SourceForm::guard(QLineEdit *field)
{
    bool taken = false;
    const QString clean = withoutToken(field->text(), &taken);
    if (!taken)
        return;
    m_taken = true;
    setTextKeepingCursor(field, clean);
    onFieldEdited();
}

void SourceForm::onUrlEdited()
{
    const std::optional<SourceKind> named = SourceSettings::kindOf(m_url->text());
    const bool login = named.value_or(m_kind)->has(SourceField::Login);
    bool taken = false;
    const QString clean = login ? withoutToken(m_url->text(), &taken) : withoutHubSecrets(m_url->text(), &taken);
    if (taken)
        setTextKeepingCursor(m_url, clean);
    m_taken = taken || (m_taken && !clean.isEmpty() && isTypedOn(m_lastUrl, clean));
    if (login) {
        if (const QString left = m_own->takeSecrets(m_url->text()); left != m_url->text())
            setTextKeepingCursor(m_url, left);
        takePassword();
    }
    m_lastUrl = m_url->text();

    QString problem;
    std::optional<SourceSettings> read;
    if (named && *named != m_kind && m_original.id != 0)
        problem = tr("This is an address of another kind, %1. A source keeps its kind: add it as another source.")
                      .arg((*named)->traits()->system);
    else
        read = SourceSettings::fromUrl(m_url->text(), &problem, m_kind);
    m_urlProblem = read ? QString() : problem;
    if (named && m_original.id == 0)
        setKind(*named);
    if (read) {
        SourceSettings s = *read;
        if (s.caFile.isEmpty())
            s.caFile = fields().caFile;
        if (s.tlsOptions == TlsOptions())
            s.tlsOptions = fields().tlsOptions;
        if (s.password.isEmpty() && s.passwordFrom.isGiven())
            s.passwordFrom = fields().passwordFrom;
        s.systems = fields().systems;
        for (const OwnSetting &setting : s.kind->ownSettings()) {
            if (!setting.inAddress && !s.own.contains(setting.name))
                s.own.insert(setting.name, fields().own.value(setting.name));
        }
        fill(s);
        setKind(m_kind);
    } else if (!m_url->text().isEmpty()) {
        // While it was typed its beginning was an address, and is still in the fields.
        fill(m_steady);
        setKind(m_kind);
    }
    review();
}

void SourceForm::dropBareMark()
{
    // Enter does not end the edit: the operator looks at what was refused first.
    const QString text = m_url->text();
    if (m_url->hasFocus() || m_kind->has(SourceField::Login) || !m_taken || !(text.endsWith(u'?') || text.endsWith(u'#')))
        return;
    m_url->setText(text.chopped(1));
    onUrlEdited();
    m_taken = true; // A secret was removed all the same.
    review();
}

void SourceForm::onFieldEdited()
{
    setKind(m_kind);
    m_urlProblem.clear();
    m_url->setText(urlOf(fields()));
    m_lastUrl = m_url->text();
    m_steady = fields();
    review();
}

void SourceForm::review()
{
    const SourceSettings s = fields();
    if (m_foundFor) {
        SourceSettings there = *m_foundFor;
        there.systems = s.systems;
        if (!there.sameConnection(s)) {
            // What was found elsewhere says nothing about this place.
            m_foundFor.reset();
            m_systems->list().setReport({});
            m_systems->setKind(m_kind);
        }
    }
    bool valid = true;
    for (FormPart *part : std::as_const(m_parts))
        valid = part->review(s) && valid;
    // An empty line says nothing wrong: the fields below are enough.
    const QString urlProblem = m_url->text().isEmpty() ? QString() : m_urlProblem;
    m_rows.say(m_urlMessage, m_url, urlProblem);
    m_takenMessage->setText(m_taken ? tr("What looked like a token or a login was removed: it would have been shown and "
                                         "remembered here. A token has a field of its own.")
                                    : QString());
    m_rows.setVisible(m_takenMessage, m_taken);

    m_name->setPlaceholderText(nameByAddress(s));
    valid = valid && urlProblem.isEmpty();
    if (valid != m_valid) {
        m_valid = valid;
        emit validityChanged(valid);
    }
    emit edited();
}

} // namespace pulsedeck
